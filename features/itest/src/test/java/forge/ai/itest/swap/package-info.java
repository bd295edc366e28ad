/** Replacing bundles and configurations of a whole runtime while it is called. */
package forge.ai.itest.swap;
