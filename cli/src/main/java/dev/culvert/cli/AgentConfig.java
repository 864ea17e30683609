package dev.culvert.cli;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration file of an agent says. <em>Immutable.</em> Every key may be left out; options on the command line come on
 * top.
 *
 * @param name of the node
 * @param namespace scope of names
 * @param join join strings; rather in {@code join-file} or the variable CULVERT_JOIN, if others read this file
 * @param joinFile files with join strings, relative to the working directory
 * @param services name to target
 * @param forward name to local port
 * @param insecure permits local ports beyond loopback
 * @param grace how long streams may go on after Ctrl+C
 */
record AgentConfig(
        String name,
        String namespace,
        List<String> join,
        List<Path> joinFile,
        Map<String, Service> services,
        Map<String, String> forward,
        boolean insecure,
        String grace) {
    static final AgentConfig EMPTY = new AgentConfig(null, null, null, null, null, null, false, null);

    AgentConfig(
            @Nullable String name,
            @Nullable String namespace,
            @Nullable List<String> join,
            @Nullable List<Path> joinFile,
            @Nullable Map<String, Service> services,
            @Nullable Map<String, String> forward,
            boolean insecure,
            @Nullable String grace) {
        this.name = name == null ? "" : name;
        this.namespace = namespace == null ? "" : namespace;
        this.join = join == null ? List.of() : List.copyOf(join);
        this.joinFile = joinFile == null ? List.of() : List.copyOf(joinFile);
        this.services = services == null ? Map.of() : new LinkedHashMap<>(services);
        this.forward = forward == null ? Map.of() : new LinkedHashMap<>(forward);
        this.insecure = insecure;
        this.grace = grace == null ? "30s" : grace;
    }

    /**
     * One service: just its target, or with more.
     *
     * @param publicPort 0: any; null: none
     * @param options the options of {@code expose} about callers and targets
     */
    record Service(String target, boolean shared, @Nullable Integer publicPort, ServiceOptions options) {
        Service(
                @Nullable String target,
                boolean shared,
                @Nullable Integer publicPort,
                @Nullable ServiceOptions options) {
            this.target = target == null ? "" : target;
            this.shared = shared;
            this.publicPort = publicPort;
            this.options = options == null ? new ServiceOptions() : options;
        }

        /** As {@link dev.culvert.node.ExposedService} has it. */
        int publicPortNumber() {
            return publicPort == null ? -1 : publicPort;
        }

        /** A service that is just its target. */
        @JsonCreator
        static Service of(String target) {
            return new Service(target, false, null, null);
        }

        /** A service that is just a port on loopback. */
        @JsonCreator
        static Service of(int port) {
            return of(Integer.toString(port));
        }
    }
}
