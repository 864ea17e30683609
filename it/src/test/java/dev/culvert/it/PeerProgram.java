package dev.culvert.it;

import dev.culvert.api.Address;
import dev.culvert.api.BindOptions;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Node;
import dev.culvert.api.NodeBuilder;
import dev.culvert.api.NodeHooks;
import dev.culvert.api.Stream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Scanner;

/**
 * A node that serves and dials, {@code NAME}, with the join string in {@code CULVERT_JOIN}; it pings often, so that a silent loss is noticed soon.
 * With {@code at=ADDRESS} it takes direct links there, with {@code to=RANGE} it makes some. Says when its links come and go.
 *
 * <ul>
 *   <li>offers, as others of its kind do, {@code digest}: reads to the end, then answers with the SHA-256 of it; and {@code random}: reads a line with a number and a seed,
 *       sends that many bytes and ends
 *   <li>a line {@code upload NODE COUNT SEED} sends so many bytes to the other's {@code digest} and prints its answer; {@code download NODE
 *       COUNT SEED} reads from the other's {@code random} and prints the SHA-256; each waits up to 20 s for the other to come back, and says why it failed
 * </ul>
 */
final class PeerProgram {
    /** Between two pings: a silent link is lost after 2.4 times as long, which a starved process on a busy machine must not reach. [MUX-18] */
    static final Duration KEEP_ALIVE = Duration.ofSeconds(2);

    private static final DialOptions PATIENT =
            DialOptions.DEFAULT.withTimeout(Duration.ofSeconds(5)).withWaitUpTo(Duration.ofSeconds(20));

    private PeerProgram() {}

    public static void main(String[] args) throws IOException {
        try (Node node = builder(args).start()) {
            node.bind("digest", BindOptions.DEFAULT.withShared(true), stream -> {
                byte[] all = stream.input().readAllBytes();
                stream.output().write(TargetProgram.sha256(all).getBytes(StandardCharsets.US_ASCII));
            });
            node.bind("random", BindOptions.DEFAULT.withShared(true), PeerProgram::random);
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                Thread thread = new Thread(() -> obey(node, words), line);
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    private static NodeBuilder builder(String... args) {
        NodeBuilder builder = Node.builder()
                .name(args[0])
                .join(System.getenv("CULVERT_JOIN"))
                .keepAlive(KEEP_ALIVE)
                .retry(Duration.ofMillis(100), Duration.ofSeconds(1), 100)
                .hooks(new Printed());
        for (String option : List.of(args).subList(1, args.length)) {
            String value = option.substring(option.indexOf('=') + 1);
            builder =
                    option.startsWith("at=") ? builder.listen(value).directAddress(value) : builder.dialDirectly(value);
        }
        return builder;
    }

    private static void random(Stream stream) throws IOException {
        Scanner line = new Scanner(stream.input(), StandardCharsets.US_ASCII);
        stream.output().write(TargetProgram.randomBytes(line.nextInt(), line.nextLong()));
    }

    private static void obey(Node node, String... words) {
        try {
            System.out.println(words[0] + " of " + words[3] + ": " + digest(node, words));
        } catch (IOException e) {
            System.out.println(words[0] + " failed: " + words[3] + ": " + e.getMessage());
        }
    }

    private static String digest(Node node, String... words) throws IOException {
        boolean upload = words[0].equals("upload");
        try (Stream stream = node.dial(Address.parse(words[1] + (upload ? ".digest" : ".random")), PATIENT)) {
            byte[] said = upload
                    ? TargetProgram.randomBytes(Integer.parseInt(words[2]), Long.parseLong(words[3]))
                    : (words[2] + " " + words[3] + "\n").getBytes(StandardCharsets.US_ASCII);
            stream.output().write(said);
            stream.output().close();
            byte[] answer = stream.input().readAllBytes();
            return upload ? new String(answer, StandardCharsets.US_ASCII) : TargetProgram.sha256(answer);
        }
    }

    private static final class Printed implements NodeHooks {
        @Override
        public void onLinkUp(String relay, String node) {
            System.out.println("linked to " + node);
        }

        @Override
        public void onLinkDown(String relay, ErrorCode code, String reason) {
            System.out.println("link lost: " + code + ": " + reason);
        }
    }
}
