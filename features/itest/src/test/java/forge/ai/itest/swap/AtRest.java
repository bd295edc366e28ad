package forge.ai.itest.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Sees how a runtime stands once nobody calls and all that was replaced has left. */
final class AtRest {

    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final Path home;
    private final Shell shell;
    private final Inspector inspector;
    private final int bundles;

    /** @param bundles how many are in use then */
    AtRest(Path home, Shell shell, Inspector inspector, int bundles) {
        this.home = home;
        this.shell = shell;
        this.inspector = inspector;
        this.bundles = bundles;
    }

    /**
     * What was seen.
     *
     * @param loaders the loaders of classes, for people
     */
    record Seen(Footprint footprint, HomeFiles files, List<Shell.Installed> spares, String loaders) {

        /**
         * Checks that nothing was left behind since an earlier time.
         *
         * @param warm whether enough went before the earlier time that native memory had taken its size
         */
        void check(Seen before, boolean warm) {
            // Of each as many as were leaving at the same time.
            assertThat(spares).as("bundles for replacements").hasSizeLessThanOrEqualTo(24);
            assertThat(files.without(before.files))
                    .as("files besides %s", before.files.without(files))
                    .hasSameSizeAs(before.files.without(files));
            assertThat(footprint.loaders())
                    .as("%s%nbefore%n%s", loaders, before.loaders)
                    .isLessThanOrEqualTo(before.footprint.loaders() + 2);
            flat("classes", before.footprint.classes(), footprint.classes());
            flat("metaspace", before.footprint.metaspace(), footprint.metaspace());
            flat("heap", before.footprint.heap(), footprint.heap());
            if (warm) {
                flat("native memory", before.footprint.outside(), footprint.outside());
            }
        }

        private static void flat(String what, long before, long after) {
            assertThat(after).as(what).isLessThanOrEqualTo(before + before / 10);
        }
    }

    Seen await() throws Exception {
        Await.until(
                bundles + " bundles in use",
                LIMIT,
                () -> shell.bundles().stream().filter(b -> !b.spare()).count() == bundles,
                () -> shell.run("felix:lb -s"));
        List<Shell.Installed> spares =
                shell.bundles().stream().filter(Shell.Installed::spare).toList();
        return new Seen(inspector.footprint(), HomeFiles.of(home, spares), spares, inspector.loaderTable());
    }
}
