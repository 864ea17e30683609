package dev.culvert.cli;

import dev.culvert.api.Address;
import dev.culvert.gateway.BackstreamOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether and how a relay takes clients of backstream. Owned by the main thread. */
final class BackstreamSwitches {
    @Option(
            names = "--backstream",
            description = {
                "Take clients of backstream at the HTTP port, each a service by its id. They show a credential:",
                "ws://HOST:PORT/ws?credential=CREDENTIAL, with &codec=json or &public=true where it is so."
            })
    boolean on;

    @Option(
            names = "--backstream-path",
            paramLabel = "/PATH",
            defaultValue = "/ws",
            description = "Where their WebSockets go. Default: ${DEFAULT-VALUE}.")
    String path = "/ws";

    @Option(
            names = "--backstream-codec",
            paramLabel = "CODEC",
            defaultValue = "protobuf",
            description = "protobuf or json, of those that do not say. Default: ${DEFAULT-VALUE}.")
    String codec = "protobuf";

    @Option(
            names = "--backstream-nameless",
            paramLabel = "NAME",
            description = "The service that clients without an id offer; without this, an id is required.")
    @Nullable
    String nameless;

    BackstreamOptions options() throws Failure {
        try {
            return BackstreamOptions.DEFAULT
                    .withPath(path)
                    .withCodec(codec())
                    .withNameless(nameless == null ? null : Address.requireServiceName(nameless));
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--backstream: " + e.getMessage());
        }
    }

    private BackstreamOptions.Codec codec() {
        return switch (codec) {
            case "protobuf" -> BackstreamOptions.Codec.PROTOBUF;
            case "json" -> BackstreamOptions.Codec.JSON;
            default -> throw new IllegalArgumentException("codec '" + codec + "' (expected: protobuf or json)");
        };
    }
}
