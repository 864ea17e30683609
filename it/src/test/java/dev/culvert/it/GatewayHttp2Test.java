package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 through relay and agent in processes of their own, with programs that others wrote: Go's gRPC, curl and h2load. */
@Namespaces
@ExtendWith(Foreign.class)
final class GatewayHttp2Test {
    @RegisterExtension
    static final Lab LAB = new Lab();

    @TempDir
    private static Path directory;

    private static String gateway;

    @BeforeAll
    static void a_relay_with_a_gateway() {
        Deployment deployment = Deployment.on(LAB.relay(), "--http 0.0.0.0:7480 --http-domain lab");
        LAB.agent().with("CULVERT_JOIN", deployment.invite());
        gateway = LAB.relay().address() + ":7480";
    }

    @Test
    void calls_of_gos_grpc_reach_gos_grpc_behind_two_agents() {
        String program = Prog.buildInto(directory);
        for (String name : List.of("edge7", "edge8")) {
            Proc server = LAB.agent().start(program + " serve 127.0.0.1:0 " + name);
            String port = server.awaitLine("listening at 127.0.0.1:(\\d+)").group(1);
            LAB.agent().with("CULVERT_HOME", directory.resolve(name).toString());
            Deployment.expose(LAB.agent(), "greeter " + port + " --public --shared --name " + name);
        }
        String said = LAB.caller()
                .run(program + " call " + gateway + " greeter.lab")
                .orFail()
                .out();
        assertThat(said)
                .matches("(?s)answers: \\d+ hello go from edge7, \\d+ hello go from edge8\n.*")
                .contains("late: DeadlineExceeded\n")
                .contains("nobody: rpc error: code = Unimplemented desc = nobody offers 'nobody.greeter' here");
    }

    @Test
    void curl_and_h2load_speak_http_2_to_a_service_that_speaks_http_1() {
        LAB.agent().start("targets 1").awaitLine("targets ready");
        LAB.agent().with("CULVERT_HOME", directory.resolve("web").toString());
        Deployment.expose(LAB.agent(), "web 8080 --public --name edge9");
        String url = "http://" + gateway + "/nonce";
        assertThat(LAB.caller()
                        .run("curl -sS --http2-prior-knowledge -H 'Host: web.lab' -w ' %{http_version}' " + url)
                        .orFail()
                        .out())
                .isEqualTo("1 2");
        if (LAB.caller().run("command -v h2load").exitCode() != 0) {
            System.out.println("[skipped] program h2load is missing (expected: the package nghttp2-client)");
            return;
        }
        assertThat(LAB.caller()
                        .run("h2load -n 500 -c 5 -m 20 -H 'Host: web.lab' -H ':authority: web.lab' " + url)
                        .orFail()
                        .out())
                .contains("500 succeeded, 0 failed, 0 errored, 0 timeout", "500 2xx");
    }
}
