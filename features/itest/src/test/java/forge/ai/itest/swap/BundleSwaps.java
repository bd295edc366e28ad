package forge.ai.itest.swap;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/** Replaces one bundle by its next copy, as a user does: puts the new file in, waits, takes the old one out. */
final class BundleSwaps implements Swaps {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final BundleCopies copies;
    private final Path deploy;
    private final Shell shell;

    BundleSwaps(String symbolicName, Path home, Shell shell) throws Exception {
        this.copies = BundleCopies.of(symbolicName);
        this.deploy = home.resolve("deploy");
        this.shell = shell;
    }

    @Override
    public Duration swap(int number) throws Exception {
        Path target = deploy.resolve(copies.fileName(number));
        Path part = deploy.resolve("." + copies.fileName(number) + ".part");
        copies.write(number, part);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        String version = BundleCopies.version(number);
        Duration took = Await.until(
                copies.symbolicName() + " " + version + " in force",
                LIMIT,
                () -> shell.inForce(copies.symbolicName(), version),
                () -> shell.run("ai:deployments"));
        Files.deleteIfExists(deploy.resolve(copies.fileName(number - 1)));
        return took;
    }
}
