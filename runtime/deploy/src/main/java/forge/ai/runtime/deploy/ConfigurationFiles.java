package forge.ai.runtime.deploy;

import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.DeploymentKind;
import forge.ai.api.deploy.DeploymentState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code conf} folder: what its files say is in force, and a file that is wrong leaves in force what it said last.
 */
final class ConfigurationFiles {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationFiles.class);
    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration LATER = Duration.ofSeconds(10);

    private final FolderScan files;
    private final FolderScan secrets;
    private final Path lastGood;
    private final ConfigurationTable table;
    private final ConfigurationRules rules;
    private final Ledger ledger;
    private final ReentrantLock lock = new ReentrantLock();

    /** @param lastGood the folder with a copy of each file as it was when it was last right */
    ConfigurationFiles(
            Path folder, Path secrets, Path lastGood, ConfigurationTable table, ConfigurationRules rules, Ledger ledger)
            throws IOException {
        this.files = new FolderScan(folder, name -> name.endsWith(Pid.ENDING) && name.length() > Pid.ENDING.length());
        this.secrets = new FolderScan(secrets, name -> true);
        this.lastGood = DurableFile.folder(lastGood);
        this.table = table;
        this.rules = rules;
        this.ledger = ledger;
    }

    /** Takes in everything that lies in the folder; a file that is wrong gives what it said when it was right. */
    void restore() throws IOException {
        Set<String> restored = new HashSet<>();
        for (Path copy : copies()) {
            Pid pid = Pid.ofFile(copy.getFileName().toString());
            Map<String, Object> values = ConfigurationFormat.read(copy);
            if (Files.exists(files.folder().resolve(pid.file()))) {
                put(pid, values);
                restored.add(pid.file());
            } else {
                Files.delete(copy);
            }
        }
        secrets.look().changed().forEach(this::warnIfOpen);
        // What changed meanwhile is taken in when there are components that can say whether they take it.
        for (String name : files.look().changed()) {
            if (!restored.contains(name)) {
                take(name);
            } else if (Files.mismatch(files.folder().resolve(name), lastGood.resolve(name)) < 0) {
                record(Pid.ofFile(name), DeploymentState.ACTIVE, "");
            } else {
                files.forget(name);
            }
        }
    }

    /** Reports the files whose components fail with them; until now there were none that could be asked. */
    void verify() {
        ledger.list().stream()
                .filter(d -> d.kind() == DeploymentKind.CONFIGURATION && d.state() == DeploymentState.ACTIVE)
                .forEach(d -> {
                    try {
                        table.verify(new Pid(d.name()));
                    } catch (Refused e) {
                        Pid pid = new Pid(d.name());
                        record(pid, DeploymentState.FAILED, pid.file() + ": " + e.getMessage());
                    }
                });
    }

    private void put(Pid pid, Map<String, Object> values) throws IOException {
        try {
            table.put(pid, ConfigurationTable.FILE, values);
        } catch (Refused e) {
            LOG.warn("{} as it was when it was last right: {}", pid.file(), e.getMessage());
        }
    }

    private List<Path> copies() throws IOException {
        try (Stream<Path> all = Files.list(lastGood)) {
            return all.filter(f -> f.toString().endsWith(Pid.ENDING)
                            && !f.getFileName().toString().startsWith("."))
                    .toList();
        }
    }

    /** Takes in what differs from the last look; says after what time to look again. */
    Duration look() {
        lock.lock();
        try {
            FolderScan.Changes changes = files.look();
            changes.changed().forEach(this::take);
            for (String name : changes.gone()) {
                gone(Pid.ofFile(name));
            }
            FolderScan.Changes secret = secrets.look();
            secret.changed().forEach(this::warnIfOpen);
            for (String name : secret.changed()) {
                table.secretChanged(name);
            }
            if (!secret.changed().isEmpty()) {
                retryRefused();
            }
            return files.unsettled() || secrets.unsettled() ? SOON : LATER;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    private void take(String name) {
        try {
            changed(Pid.ofFile(name));
        } catch (Refused e) {
            // The ledger tells it.
        }
    }

    /** A secret may be what a file that was refused lacked. */
    private void retryRefused() {
        ledger.list().stream()
                .filter(d -> d.kind() == DeploymentKind.CONFIGURATION && d.state() == DeploymentState.FAILED)
                .map(d -> new Pid(d.name()).file())
                .filter(name -> Files.exists(files.folder().resolve(name)))
                .forEach(this::take);
    }

    private void changed(Pid pid) {
        Path file = files.folder().resolve(pid.file());
        try {
            String text = Files.readString(file);
            Optional<String> unknown = bringIntoForce(pid, ConfigurationFormat.parse(text));
            DurableFile.write(lastGood.resolve(pid.file()), text.getBytes(StandardCharsets.UTF_8));
            record(
                    pid,
                    DeploymentState.ACTIVE,
                    unknown.map(u -> pid.file() + ": " + u).orElse(""));
        } catch (IOException e) {
            throw refused(pid, new Refused("cannot be read: " + Refused.said(e), e));
        } catch (Refused e) {
            throw refused(pid, e);
        }
    }

    /** Checks values and brings them into force; says which keys the bundle does not know. */
    private Optional<String> bringIntoForce(Pid pid, Map<String, Object> values) throws IOException {
        rules.check(pid, values);
        table.put(pid, ConfigurationTable.FILE, values);
        return rules.unknown(pid, values);
    }

    private Refused refused(Pid pid, Refused reason) {
        boolean before = Files.exists(lastGood.resolve(pid.file()));
        record(
                pid,
                DeploymentState.FAILED,
                pid.file() + ": " + reason.getMessage()
                        + (before ? "; what it said before stays in force" : "; it is not in force"));
        return reason;
    }

    private Deployment record(Pid pid, DeploymentState state, String reason) {
        return ledger.record(pid.file(), pid.name(), "", DeploymentKind.CONFIGURATION, state, reason);
    }

    private void gone(Pid pid) throws IOException {
        table.remove(pid, ConfigurationTable.FILE);
        Files.deleteIfExists(lastGood.resolve(pid.file()));
        ledger.remove(pid.file());
    }

    /**
     * Writes a file, once its values are in force.
     *
     * @throws Refused if they are refused; neither the file nor what is in force has changed
     */
    Deployment write(Pid pid, Map<String, Object> values) throws IOException {
        lock.lock();
        try {
            bringIntoForce(pid, values);
            byte[] text = ConfigurationFormat.write(values).getBytes(StandardCharsets.UTF_8);
            DurableFile.write(files.folder().resolve(pid.file()), text);
            DurableFile.write(lastGood.resolve(pid.file()), text);
            files.accept(pid.file());
            return record(pid, DeploymentState.ACTIVE, "");
        } finally {
            lock.unlock();
        }
    }

    /** Deletes a file; false if there is none. */
    boolean delete(Pid pid) throws IOException {
        lock.lock();
        try {
            if (!Files.deleteIfExists(files.folder().resolve(pid.file()))) {
                return false;
            }
            files.accept(pid.file());
            gone(pid);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void warnIfOpen(String secret) {
        try {
            Set<PosixFilePermission> open =
                    Files.getPosixFilePermissions(secrets.folder().resolve(secret));
            if (open.contains(PosixFilePermission.GROUP_READ) || open.contains(PosixFilePermission.OTHERS_READ)) {
                LOG.warn(
                        "others than its owner can read {}; chmod 600 it",
                        secrets.folder().resolve(secret));
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("permissions of a secret cannot be read", e);
        }
    }
}
