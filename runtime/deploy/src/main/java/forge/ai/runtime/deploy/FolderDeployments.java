package forge.ai.runtime.deploy;

import forge.ai.api.NotFoundException;
import forge.ai.api.deploy.Deployment;
import forge.ai.api.deploy.Deployments;
import java.nio.file.Path;
import java.util.List;

/** Deploys by call what otherwise is put into the {@code deploy} folder by hand. */
final class FolderDeployments implements Deployments {

    private final DeployFolder folder;
    private final Ledger ledger;

    FolderDeployments(DeployFolder folder, Ledger ledger) {
        this.folder = folder;
        this.ledger = ledger;
    }

    @Override
    public List<Deployment> list() {
        return ledger.list();
    }

    @Override
    public Deployment install(Path artifact) {
        return folder.install(artifact);
    }

    @Override
    public Deployment installFeature(String name) {
        return folder.installFeature(name);
    }

    @Override
    public List<String> features() {
        return folder.features();
    }

    @Override
    public void remove(String name) {
        if (!folder.remove(name)) {
            throw new NotFoundException("nothing of the name " + name + " was deployed");
        }
    }
}
