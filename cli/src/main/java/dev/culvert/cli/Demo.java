package dev.culvert.cli;

import dev.culvert.api.Address;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamResetException;
import dev.culvert.node.NodeStatus.ServiceStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * The story of {@code culvert demo}: a dial, a cut without FIN, the recovery, the same dial again. Each step is checked, and the first
 * that is not as it should be ends the story. Belongs to the main thread.
 */
final class Demo {
    private static final Duration STEP = Duration.ofSeconds(20);
    private static final String NAME = "web";

    private final Screen screen;
    private final DemoNetwork network;
    private final String nonce;

    Demo(Screen screen, DemoNetwork network, String nonce) {
        this.screen = screen;
        this.network = network;
        this.nonce = nonce;
    }

    void tell() throws Failure, IOException {
        say("relay", "listens on " + network.relayAddress() + ", TLS with a key it has just made");
        say("service", "a plain HTTP server on 127.0.0.1:" + network.servicePort() + ", which answers with " + nonce);
        awaitReady();
        say(
                "agent",
                "linked to the relay over a cable that we can cut, and offers " + NAME + " as " + DemoNetwork.AGENT
                        + "." + NAME);
        fetch("dial");
        loseLink();
        network.cable().mend();
        long mended = System.nanoTime();
        say("mend", "the cable carries bytes again");
        awaitReady();
        say("recovery", "the agent serves again, " + since(mended) + " later, under the same name");
        fetch("dial");
        checkNoGhost();
    }

    /** Just the beginning: a dial that works. */
    void rehearse() throws Failure, IOException {
        awaitReady();
        fetch("dial");
    }

    private void loseLink() throws Failure, IOException {
        try (Stream open = request("/open")) {
            readUntil(open, "open\n");
            network.agentEvents().forget();
            network.cable().cut();
            long cut = System.nanoTime();
            say("cut", "the cable swallows every byte from now on, and sends no FIN");
            String code = awaitReset(open);
            check(
                    code.equals(ErrorCode.LINK_LOST.name()),
                    "an open stream ends with LINK_LOST",
                    "it ended with " + code);
            say("noticed", "a stream that was open ended with LINK_LOST after " + since(cut));
        }
        network.agentEvents().awaitLoss(STEP);
    }

    private void awaitReady() throws Failure {
        network.agentEvents().awaitReady(STEP);
    }

    private void fetch(String step) throws Failure, IOException {
        long start = System.nanoTime();
        try (Stream stream = request("/")) {
            String answer = new String(stream.input().readAllBytes(), StandardCharsets.US_ASCII);
            check(
                    answer.startsWith("HTTP/1.1 200 ") && answer.contains(nonce),
                    "the service's answer with " + nonce,
                    "it was: " + answer.lines().findFirst().orElse("empty"));
        }
        say(step, NAME + " from another node: 200 OK, " + nonce + ", in " + since(start));
    }

    private Stream request(String path) throws IOException {
        Stream stream = network.caller().node().dial(Address.parse(NAME), DialOptions.DEFAULT.withTimeout(STEP));
        stream.readTimeout(STEP);
        stream.output()
                .write(("GET " + path + " HTTP/1.1\r\nHost: " + NAME + "\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        stream.output().flush();
        return stream;
    }

    private static void readUntil(Stream stream, String end) throws IOException {
        InputStream in = stream.input();
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf(end) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the stream ended early, after: " + seen);
            }
            seen.append((char) next);
        }
    }

    /** How the stream ends: an error code's name, or what happened instead. */
    private static String awaitReset(Stream stream) throws IOException {
        try {
            byte[] rest = stream.input().readAllBytes();
            return "a finish after " + rest.length + " more bytes";
        } catch (StreamResetException e) {
            return e.code().name();
        }
    }

    private void checkNoGhost() throws Failure {
        List<ServiceStatus> routes = network.relay().status().services().stream()
                .filter(service -> service.service().equals(NAME))
                .toList();
        long sessions = network.relay().status().sessions().stream()
                .filter(session -> session.node().equals(DemoNetwork.AGENT))
                .count();
        check(routes.size() == 1 && routes.get(0).state().equals("up"), "one route to " + NAME, "there are " + routes);
        check(sessions == 1, "one session of " + DemoNetwork.AGENT, "there are " + sessions);
        say("no ghost", "the relay knows one session of " + DemoNetwork.AGENT + " and one route to " + NAME);
    }

    private static void check(boolean holds, String expected, String found) throws Failure {
        if (!holds) {
            throw new Failure(
                    ExitCode.INTERNAL,
                    "demo: expected " + expected + ", but " + found + "; run again with -vv and report what it prints");
        }
    }

    private void say(String step, String text) {
        String padded = step + " ".repeat(Math.max(1, 10 - step.length()));
        screen.say(Event.of("step", "   " + screen.ok() + " " + padded + text)
                .with("step", step)
                .with("text", text));
    }

    private static String since(long startNanos) {
        return Units.time(Duration.ofNanos(System.nanoTime() - startNanos));
    }
}
