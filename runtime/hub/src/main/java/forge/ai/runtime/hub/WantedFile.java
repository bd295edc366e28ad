package forge.ai.runtime.hub;

/**
 * A file to bring.
 *
 * @param file of the hub
 * @param target where it goes in the version's folder
 */
record WantedFile(HubFile file, String target) {}
