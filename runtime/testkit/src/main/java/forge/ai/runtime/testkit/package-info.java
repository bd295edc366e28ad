/** What the tests of plug-ins share: contract tests to extend, and a framework to start bundles in. Never deployed. */
@NullMarked
package forge.ai.runtime.testkit;

import org.jspecify.annotations.NullMarked;
