package forge.ai.runtime.deploy;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.Deployments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;

/** Deploys by call what otherwise is put into the {@code deploy} folder by hand. */
final class DeployCalls implements Deployments {

    private final DeployFolder folder;
    private final Ledger ledger;

    DeployCalls(DeployFolder folder, Ledger ledger) {
        this.folder = folder;
        this.ledger = ledger;
    }

    @Override
    public List<Deployment> list() {
        return ledger.list();
    }

    @Override
    public List<String> features() {
        return folder.distributed();
    }

    @Override
    public Deployment install(Path artifact) {
        if (!Files.isRegularFile(artifact)) {
            throw new NotFoundException("there is no file " + artifact);
        }
        String name = artifact.getFileName().toString();
        if (name.startsWith(".") || !DeployFolder.isTaken(name)) {
            throw new InvalidRequestException(name + ": a bundle ends with .jar and a feature with .json");
        }
        return folder.locked(() -> install(artifact, name));
    }

    private Deployment install(Path artifact, String name) throws IOException {
        Path target = folder.path(name);
        boolean lies = Files.exists(target) && Files.isSameFile(artifact, target);
        Path aside = folder.aside(name);
        try {
            if (!lies) {
                replace(artifact, target, aside);
            }
            Deployment result =
                    folder.changed(name, Set.of(artifact.toAbsolutePath().getParent()));
            folder.accept(name);
            folder.retryUnresolved();
            return result;
        } catch (ArtifactStore.BadZip | Refused e) {
            if (!lies) {
                bringBack(target, aside);
                folder.accept(name);
                folder.forgetRefusal(name);
            }
            throw new InvalidRequestException(name + ": " + Refused.said(e));
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private static void replace(Path artifact, Path target, Path aside) throws IOException {
        if (Files.exists(target)) {
            Files.copy(target, aside, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path part = DurableFile.part(target);
        Files.copy(artifact, part, StandardCopyOption.REPLACE_EXISTING);
        DurableFile.commit(part, target);
    }

    private static void bringBack(Path target, Path aside) throws IOException {
        if (Files.exists(aside)) {
            Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } else {
            Files.deleteIfExists(target);
        }
    }

    @Override
    public Deployment installFeature(String name) {
        return folder.locked(() -> {
            if (!folder.distributed().contains(name)) {
                throw new NotFoundException("the distribution has no feature " + name + "; it has "
                        + String.join(", ", folder.distributed()));
            }
            try {
                Deployment result = folder.changed(name, Set.of());
                folder.retryUnresolved();
                return result;
            } catch (Refused e) {
                folder.forgetRefusal(name);
                throw new InvalidRequestException(name + ": " + e.getMessage());
            }
        });
    }

    @Override
    public void remove(String name) {
        boolean removed = folder.locked(() -> {
            Set<String> sources = folder.sourcesOf(name);
            for (String source : sources) {
                if (DeployFolder.isTaken(source)) {
                    Files.deleteIfExists(folder.path(source));
                    folder.accept(source);
                }
                folder.gone(source);
            }
            return !sources.isEmpty();
        });
        if (!removed) {
            throw new NotFoundException("nothing of the name " + name + " was deployed");
        }
    }
}
