package forge.ai.runtime.inference;

/** Something under way that is looked at every few milliseconds. */
interface Watched {

    void look(long now);
}
