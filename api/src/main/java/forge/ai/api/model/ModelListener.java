package forge.ai.api.model;

import org.osgi.annotation.versioning.ConsumerType;

/** Publish it as a service to hear of every change of state of a model version. */
@ConsumerType
public interface ModelListener {

    /** Called after the change, in the thread that made it; must return soon and not throw. */
    void changed(ModelStatus status);
}
