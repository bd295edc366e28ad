package forge.ai.itest.dialects;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests that LangChain4j publishes for whoever offers a model, unchanged, by its clients and through a dialect of the
 * server. The model is {@link ScriptedModel}: what is proven is that client and dialect understand each other.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(named = "forge.clients", matches = "true", disabledReason = "these run with mvn -Pclients")
@ExtendWith(LangChain4jServer.class)
@interface LangChain4jTest {}
