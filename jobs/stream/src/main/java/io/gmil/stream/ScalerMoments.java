package io.gmil.stream;

import io.gmil.model.FeatureMoments;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Moments as bytes of a state: count, means, sums of squares. */
final class ScalerMoments {

    private ScalerMoments() {}

    static ByteBuffer bytes(FeatureMoments moments) {
        int width = moments.mean().length;
        ByteBuffer bytes = ByteBuffer.allocate(8 + 16 * width).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(moments.count());
        bytes.put(Bytes.of(moments.mean())).put(Bytes.of(moments.m2()));
        return bytes.flip();
    }

    static FeatureMoments of(byte[] stored) {
        ByteBuffer bytes = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
        long count = bytes.getLong();
        int half = bytes.remaining() / 2;
        double[] mean = Bytes.doubles(bytes.slice(8, half));
        return new FeatureMoments(count, mean, Bytes.doubles(bytes.slice(8 + half, half)));
    }
}
