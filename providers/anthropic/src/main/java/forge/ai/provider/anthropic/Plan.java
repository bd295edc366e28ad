package forge.ai.provider.anthropic;

/**
 * How to send a request.
 *
 * @param sampling what it may say of how tokens are drawn
 * @param last whether the version has been changed already, so that it is not changed again
 */
record Plan(ApiVersion version, Sampling sampling, boolean last) {}
