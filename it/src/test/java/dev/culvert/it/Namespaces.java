package dev.culvert.it;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of this class need Linux network namespaces and nftables. Without them the class is skipped and says why; where the
 * environment variable {@code CI} is {@code true} it fails instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("namespace")
@ExtendWith(NamespacesPermitted.class)
@interface Namespaces {}
