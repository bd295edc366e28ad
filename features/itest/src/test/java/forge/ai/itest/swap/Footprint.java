package forge.ai.itest.swap;

import java.util.Locale;

/**
 * What a runtime takes up when it is idle and its garbage is collected.
 *
 * @param classes that are loaded
 * @param loaders of classes
 * @param metaspace bytes of class data
 * @param heap bytes of objects
 * @param threads of the platform
 * @param resident bytes of memory in the view of the operating system
 * @param outside bytes of it besides the memory for objects and compiled code, whose size the JVM chooses within limits
 */
record Footprint(long classes, long loaders, long metaspace, long heap, long threads, long resident, long outside) {

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d classes, %d loaders, metaspace %.1f MiB, heap %.1f MiB, %d threads, resident %.0f MiB (%.0f besides heap and code)",
                classes,
                loaders,
                metaspace / 1048576.0,
                heap / 1048576.0,
                threads,
                resident / 1048576.0,
                outside / 1048576.0);
    }
}
