package io.gmil.cohort;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.object.datatype.CompoundDataType;
import io.jhdf.object.datatype.CompoundDataType.CompoundDataMember;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The table {@code obs} of an AnnData file, a group of columns since 0.7 and one compound dataset before. */
final class ObsTable {

    private static final String OLD_CATEGORIES = "__categories";

    private final H5adFile file;
    private final Node obs;
    private final String indexName;
    private final List<String> names = new ArrayList<>();
    private final ColumnBlock compound;
    private final int rows;

    private ObsTable(H5adFile file, Node obs) {
        this.file = file;
        this.obs = obs;
        if (obs instanceof Group group) {
            compound = null;
            indexName = file.attribute(group, "_index", "_index");
            names.addAll(new TreeSet<>(group.getChildren().keySet()));
        } else {
            Dataset dataset = (Dataset) obs;
            compound = new ColumnBlock(file, dataset);
            indexName = "index";
            members(dataset).stream().map(CompoundDataMember::getName).forEach(names::add);
        }
        boolean indexed = names.remove(indexName);
        names.remove(OLD_CATEGORIES);
        rows = countRows(indexed);
    }

    /** @throws CohortException if the file has no such table */
    static ObsTable of(H5adFile file) {
        Node obs = file.child(file.root(), "obs");
        boolean table = obs instanceof Group || (obs instanceof Dataset dataset && dataset.isCompound());
        if (!table) {
            throw new CohortException(file.name() + " is HDF5 but not AnnData: expected a table 'obs', there are: "
                    + NameList.of(file.guard(
                            "the root", () -> file.root().getChildren().keySet())));
        }
        return file.guard("obs", () -> new ObsTable(file, obs));
    }

    private static List<CompoundDataMember> members(Dataset dataset) {
        return ((CompoundDataType) dataset.getDataType()).getMembers();
    }

    private int countRows(boolean indexed) {
        if (compound != null) {
            return compound.length();
        }
        if (!indexed) {
            throw new CohortException(
                    "obs of " + file.name() + " has no index '" + indexName + "'; there are: " + NameList.of(names));
        }
        return block(file.child((Group) obs, indexName)).length();
    }

    /** Number of cells. */
    int rows() {
        return rows;
    }

    /** Columns without the index. */
    List<String> names() {
        return names;
    }

    /** For messages. */
    String place() {
        return "obs of " + file.name();
    }

    private String placeOf(String name) {
        return "column '" + name + "' of " + place();
    }

    /** Barcodes. */
    ObsColumn index() {
        return read(indexName);
    }

    /** @throws CohortException if there is no such column, listing those there are, or it is not a column of values */
    ObsColumn column(String name) {
        SampleColumns.requireColumn(name, names, place());
        return read(name);
    }

    private ObsColumn read(String name) {
        return file.guard("obs/" + name, () -> compound == null ? ofGroup((Group) obs, name) : ofCompound(name));
    }

    private ObsColumn ofCompound(String name) {
        ColumnBlock values = new ColumnBlock.Member(file, (Dataset) obs, compound, name);
        // The codes of a categorical column are in obs, its categories are among the unstructured annotations.
        Node uns = file.child(file.root(), "uns");
        Node categories = uns instanceof Group group ? file.child(group, name + "_categories") : null;
        return categories instanceof Dataset texts
                ? new ObsColumn.Categorical(placeOf(name), values, all(new ColumnBlock(file, texts)))
                : new ObsColumn.Plain(values);
    }

    private ObsColumn ofGroup(Group group, String name) {
        Node node = file.child(group, name);
        if (node instanceof Group parts) {
            return ofParts(name, parts);
        }
        ColumnBlock values = checkedBlock(node);
        Node old = file.child(group, OLD_CATEGORIES);
        if (old instanceof Group lists && file.child(lists, name) != null) {
            return new ObsColumn.Categorical(placeOf(name), values, all(block(file.child(lists, name))));
        }
        return new ObsColumn.Plain(values);
    }

    private ObsColumn ofParts(String name, Group parts) {
        Node categories = file.child(parts, "categories");
        if (categories != null) {
            String[] texts = categories instanceof Group nullable
                    ? all(
                            nullable(nullable),
                            block(file.child(nullable, "values")).length())
                    : all(block(categories));
            return new ObsColumn.Categorical(placeOf(name), checkedBlock(file.child(parts, "codes")), texts);
        }
        if (file.child(parts, "mask") == null || file.child(parts, "values") == null) {
            throw new CohortException(placeOf(name) + " is of an unknown kind: a group with "
                    + NameList.of(parts.getChildren().keySet()));
        }
        checkedBlock(file.child(parts, "values"));
        return nullable(parts);
    }

    private ObsColumn nullable(Group parts) {
        return new ObsColumn.Nullable(
                new ObsColumn.Plain(block(file.child(parts, "values"))),
                new ObsColumn.Plain(block(file.child(parts, "mask"))));
    }

    private ColumnBlock checkedBlock(Node node) {
        ColumnBlock block = block(node);
        if (block.length() != rows) {
            throw new CohortException(node.getPath() + " of " + file.name() + " has " + block.length()
                    + " values; expected one for each of " + rows + " cells");
        }
        return block;
    }

    private ColumnBlock block(Node node) {
        if (!(node instanceof Dataset dataset)) {
            throw new CohortException("a column of " + place() + " is not a dataset of values: "
                    + (node == null ? "missing" : node.getPath()));
        }
        return new ColumnBlock(file, dataset);
    }

    private static String[] all(ColumnBlock block) {
        return all(new ObsColumn.Plain(block), block.length());
    }

    private static String[] all(ObsColumn column, int length) {
        String[] texts = new String[length];
        for (int i = 0; i < length; i++) {
            texts[i] = column.text(i);
        }
        return texts;
    }
}
