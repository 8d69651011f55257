import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Loads ND4J once while the image is built, so that no start has to extract 400 MB of native libraries. */
public final class ExtractNatives {

    private ExtractNatives() {}

    public static void main(String[] args) {
        INDArray product = Nd4j.ones(2, 3).mmul(Nd4j.ones(3, 2));
        if (product.getDouble(1, 1) != 3) {
            throw new IllegalStateException("ones(2, 3) * ones(3, 2): expected 3, got " + product.getDouble(1, 1));
        }
        System.out.println("native libraries extracted to " + System.getProperty("org.bytedeco.javacpp.cachedir"));
    }
}
