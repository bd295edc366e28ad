package forge.ai.backend.sklearn.estimator;

/** Austin Appleby's MurmurHash3, the variant of 32 bits for x86, with the seed 0. */
final class MurmurHash3 {

    private static final int C1 = 0xcc9e2d51;
    private static final int C2 = 0x1b873593;

    private MurmurHash3() {}

    static int hash32(byte[] bytes) {
        int hash = 0;
        int blocks = bytes.length / 4;
        for (int i = 0; i < blocks; i++) {
            int at = i * 4;
            int block = bytes[at] & 0xFF
                    | (bytes[at + 1] & 0xFF) << 8
                    | (bytes[at + 2] & 0xFF) << 16
                    | (bytes[at + 3] & 0xFF) << 24;
            hash ^= Integer.rotateLeft(block * C1, 15) * C2;
            hash = Integer.rotateLeft(hash, 13) * 5 + 0xe6546b64;
        }
        int tail = 0;
        for (int i = bytes.length - 1; i >= blocks * 4; i--) {
            tail = tail << 8 | bytes[i] & 0xFF;
        }
        hash ^= Integer.rotateLeft(tail * C1, 15) * C2;
        hash ^= bytes.length;
        hash = (hash ^ hash >>> 16) * 0x85ebca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
        return hash ^ hash >>> 16;
    }
}
