package ai.djl.util.cuda;

/**
 * Says that there is no GPU: this bundle holds the part of libtorch that computes on CPUs.
 *
 * <p>In place of DJL's class of this name, which to find out loads JNA, and that unpacks a native library of its own
 * into the user's home.
 */
public final class CudaUtils {

    private CudaUtils() {}

    public static int getGpuCount() {
        return 0;
    }

    public static boolean hasCuda() {
        return false;
    }

    public static String getCudaVersionString() {
        throw new IllegalStateException("no GPU");
    }

    public static String getComputeCapability(int device) {
        throw new IllegalStateException("no GPU " + device);
    }
}
