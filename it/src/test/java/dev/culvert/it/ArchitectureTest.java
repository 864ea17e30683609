package dev.culvert.it;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.culvert.node.Arrival;
import dev.culvert.node.CulvertNode;
import dev.culvert.node.LoopStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the house that a compiler does not know: layers, circles, banned calls, inheritance. */
final class ArchitectureTest {
    private static final String ROOT = "dev.culvert";
    private static final String GENERATED = ROOT + ".link.proto..";

    /** What each module may import, as its pom says; a module that is not listed fails the first test. */
    private static final Map<String, Set<String>> ARROWS = Map.of(
            "api", Set.of(),
            "mux", Set.of("api"),
            "policy", Set.of("api"),
            "link", Set.of("api", "mux", "policy"),
            "node", Set.of("api", "mux", "policy", "link"),
            "netty", Set.of("api", "node"),
            "http2", Set.of(),
            "gateway", Set.of("api", "node", "netty"),
            "testkit", Set.of("api", "mux", "policy", "link", "node"),
            "cli", Set.of("api", "mux", "policy", "link", "node", "gateway"));

    /** Superclasses that composition cannot replace: adapters of Netty and of java.net, streams, exceptions. */
    private static final Pattern ADAPTED = Pattern.compile(
            "java\\.lang\\.(Object|Record|Enum)|io\\.netty\\..*|java\\.net\\..*|java\\.io\\.[A-Za-z]*Stream"
                    + "|java\\.nio\\.channels\\..*|javax\\.net\\..*|ch\\.qos\\.logback\\..*");

    private static final Pattern TEST_CODE = Pattern.compile(".*(/test-classes/|-tests\\.jar).*");

    private static final JavaClasses HOUSE =
            new ClassFileImporter().withImportOption(ArchitectureTest::shipped).importPackages(ROOT);

    private static boolean shipped(Location location) {
        return !location.matches(TEST_CODE);
    }

    @Test
    void every_module_has_its_place_in_the_order() {
        assertThat(HOUSE.stream().map(ArchitectureTest::module))
                .contains("api", "mux", "policy", "link")
                .isSubsetOf(ARROWS.keySet());
    }

    @Test
    void arrows_point_from_higher_to_lower_modules_only() {
        classes().that().resideInAPackage(ROOT + "..").should(keepToTheArrows()).check(HOUSE);
    }

    @Test
    void the_channels_for_netty_know_of_a_node_only_how_a_stream_is_dialled_and_taken() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".netty")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".node..")
                        .and(DescribedPredicate.not(belongToAnyOf(CulvertNode.class, LoopStream.class, Arrival.class))))
                .check(HOUSE);
    }

    @Test
    void packages_form_no_circle() {
        // the face of the library finds its engine by ServiceLoader, and the engine's interface names the face
        slices().matching(ROOT + ".(**)")
                .should()
                .beFreeOfCycles()
                .ignoreDependency(resideInAPackage(ROOT + ".api"), resideInAPackage(ROOT + ".api.spi"))
                .check(HOUSE);
    }

    @Test
    void the_api_needs_nothing_but_java_base() {
        classes()
                .that()
                .resideInAPackage(ROOT + ".api..")
                .should(dependOnlyOnJavaBase())
                .check(HOUSE);
    }

    @Test
    void time_threads_and_chance_are_handed_in() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".cli..", GENERATED)
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callConstructor(java.util.Random.class)
                .orShould()
                .callMethod(java.util.concurrent.ThreadLocalRandom.class, "current")
                .orShould()
                .callMethod(Math.class, "random")
                .because("protocol logic is tested on virtual time with seeded chance")
                .check(HOUSE);
    }

    @Test
    void nothing_sleeps() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .because("a wait has an event that ends it")
                .check(HOUSE);
    }

    @Test
    void text_and_bytes_meet_with_a_named_charset() {
        noClasses()
                .that()
                .resideOutsideOfPackage(GENERATED)
                .should(callMethodWhere(usesTheDefaultCharset()))
                .check(HOUSE);
        noClasses()
                .should()
                .callConstructor(String.class, byte[].class)
                .orShould()
                .callConstructor(java.io.InputStreamReader.class, java.io.InputStream.class)
                .orShould()
                .callConstructor(java.io.OutputStreamWriter.class, java.io.OutputStream.class)
                .orShould()
                .callConstructor(java.io.FileReader.class, java.io.File.class)
                .orShould()
                .callConstructor(java.io.FileWriter.class, java.io.File.class)
                .orShould()
                .callConstructor(java.io.PrintStream.class, java.io.OutputStream.class)
                .check(HOUSE);
    }

    @Test
    void classes_are_composed_and_not_extended() {
        classes()
                .that()
                .resideOutsideOfPackage(GENERATED)
                .should(extendOnlyWhatMustBeExtended())
                .check(HOUSE);
    }

    @Test
    void a_class_that_is_not_public_is_used_by_another() {
        classes()
                .that()
                .areTopLevelClasses()
                .and()
                .areNotPublic()
                .and()
                .doNotHaveSimpleName("package-info")
                .should(beUsedByAnother())
                .check(HOUSE);
    }

    @Test
    void locks_are_reentrant_locks_that_virtual_threads_can_wait_for() {
        methods()
                .that()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackage(GENERATED)
                .should()
                .notHaveModifier(JavaModifier.SYNCHRONIZED)
                .check(HOUSE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "mux", "policy", "link", "node", "netty", "gateway", "http2", "testkit", "cli"})
    void every_package_is_null_marked(String module) {
        List<String> unmarked = HOUSE.stream()
                .filter(type -> module(type).equals(module))
                .map(JavaClass::getPackageName)
                .distinct()
                .filter(name -> !name.equals(ROOT + ".link.proto"))
                .filter(name -> !nullMarked(name))
                .toList();
        assertThat(unmarked).isEmpty();
    }

    private static boolean nullMarked(String packageName) {
        return HOUSE.getPackage(packageName).isAnnotatedWith(NullMarked.class.getName());
    }

    private static String module(JavaClass type) {
        String rest = type.getPackageName().substring(ROOT.length() + 1);
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    private static ArchCondition<JavaClass> keepToTheArrows() {
        return condition("depend on lower modules only", (type, events) -> {
            Set<String> allowed = ARROWS.getOrDefault(module(type), Set.of());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                boolean ours = target.getPackageName().startsWith(ROOT + ".");
                if (ours && !module(target).equals(module(type)) && !allowed.contains(module(target))) {
                    events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                }
            }
        });
    }

    private static ArchCondition<JavaClass> dependOnlyOnJavaBase() {
        return condition("depend on java.base only", (type, events) -> {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                String name = target.getName();
                boolean permitted = target.isPrimitive()
                        || name.startsWith(ROOT + ".api.")
                        || name.startsWith("org.jspecify.")
                        || inJavaBase(name);
                if (!permitted) {
                    events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                }
            }
        });
    }

    private static boolean inJavaBase(String className) {
        try {
            return Class.forName(className).getModule().equals(Object.class.getModule());
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }

    private static ArchCondition<JavaClass> extendOnlyWhatMustBeExtended() {
        return condition(
                "extend nothing that could be composed",
                (type, events) -> type.getRawSuperclass()
                        .filter(superclass -> !type.isInterface())
                        .filter(superclass ->
                                !ADAPTED.matcher(superclass.getName()).matches())
                        .filter(superclass -> !superclass.isAssignableTo(Throwable.class))
                        .filter(superclass -> !superclass.isEnum())
                        .ifPresent(superclass -> events.add(SimpleConditionEvent.violated(
                                type, type.getName() + " extends " + superclass.getName()))));
    }

    private static ArchCondition<JavaClass> beUsedByAnother() {
        return condition("be used by another class", (type, events) -> {
            String own = type.getName();
            boolean used = type.getDirectDependenciesToSelf().stream()
                    .map(dependency -> dependency.getOriginClass().getName())
                    .anyMatch(user -> !user.equals(own) && !user.startsWith(own + "$"));
            if (!used) {
                events.add(SimpleConditionEvent.violated(type, own + " is used by no other class"));
            }
        });
    }

    private static DescribedPredicate<JavaAccess<?>> usesTheDefaultCharset() {
        return DescribedPredicate.describe("uses the default charset", access -> {
            AccessTarget target = access.getTarget();
            String call = target.getFullName();
            return call.equals(String.class.getName() + ".getBytes()")
                    || call.equals(Charset.class.getName() + ".defaultCharset()");
        });
    }

    private static ArchCondition<JavaClass> condition(String description, Check check) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                check.accept(type, events);
            }
        };
    }

    /** One class under inspection. */
    private interface Check {
        void accept(JavaClass type, ConditionEvents events);
    }
}
