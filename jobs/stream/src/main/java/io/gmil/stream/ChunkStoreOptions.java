package io.gmil.stream;

import java.util.Collection;
import java.util.List;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.state.rocksdb.ConfigurableRocksDBOptionsFactory;
import org.apache.flink.state.rocksdb.RocksDBOptionsFactory;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;

/**
 * RocksDB for state that is mostly chunks of cells: half a megabyte each, written once, read whole, not compressible.
 * What costs is writing them again, by compaction and then by the checkpoint that has to upload the new files. So files
 * are gathered for long before they are merged, and bloom filters keep reads from looking into all of them.
 */
public final class ChunkStoreOptions implements ConfigurableRocksDBOptionsFactory {

    private static final long serialVersionUID = 1L;

    private static final long MIB = 1024 * 1024;
    private static final int GATHERED_FILES = 64;

    @Override
    public RocksDBOptionsFactory configure(ReadableConfig configuration) {
        return this;
    }

    @Override
    public DBOptions createDBOptions(DBOptions options, Collection<AutoCloseable> handles) {
        return options;
    }

    @Override
    public ColumnFamilyOptions createColumnOptions(ColumnFamilyOptions options, Collection<AutoCloseable> handles) {
        BloomFilter filter = new BloomFilter();
        handles.add(filter);
        if (options.tableFormatConfig() instanceof BlockBasedTableConfig table) {
            options.setTableFormatConfig(table.setFilterPolicy(filter));
        }
        // By level: Flink sets a compression for the levels, which would win over one for all.
        return options.setCompressionPerLevel(List.of(CompressionType.NO_COMPRESSION))
                .setLevel0FileNumCompactionTrigger(GATHERED_FILES)
                .setLevel0SlowdownWritesTrigger(2 * GATHERED_FILES)
                .setLevel0StopWritesTrigger(4 * GATHERED_FILES)
                .setMaxBytesForLevelBase(4096 * MIB)
                .setTargetFileSizeBase(256 * MIB);
    }
}
