package dev.culvert.it;

import dev.culvert.api.Node;
import dev.culvert.api.NodeOptions;
import dev.culvert.api.Stream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A Java program that dials, as users write one: the library and nothing else. The join string comes from {@code CULVERT_JOIN}.
 *
 * <ul>
 *   <li>{@code http ADDRESS PATH}: one request; prints the response's body
 *   <li>{@code banners ADDRESS COUNT}: opens so many streams, 64 at a time; fails unless each begins with the banner
 *   <li>{@code watch ADDRESS}: reads for ever; says when the stream ends, and why
 *   <li>{@code download ADDRESS COUNT SEED}: asks for so many bytes, waits after the first until a line is typed, then reads the rest and
 *       prints its digest
 *   <li>{@code repeat ADDRESS PATH}: one request after the other for ever; after each ten says how many there were and how many failed, and
 *       at each failure why
 * </ul>
 */
final class DialProgram {
    private static final int AT_A_TIME = 64;

    private DialProgram() {}

    public static void main(String[] args) throws Exception {
        try (Node node = join(System.getenv("CULVERT_JOIN").split(" "))) {
            switch (args[0]) {
                case "http" -> System.out.println(http(node, args[1], args[2]));
                case "banners" -> System.out.println(banners(node, args[1], Integer.parseInt(args[2])) + " banners");
                case "watch" -> watch(node, args[1]);
                case "download" -> download(node, args[1], args[2] + " " + args[3] + "\n");
                case "repeat" -> repeat(node, args[1], args[2]);
                default ->
                    throw new IllegalArgumentException(
                            args[0] + " (expected: http, banners, watch, download or repeat)");
            }
        }
    }

    /** One join string is {@code Node.join(text)}; several are options. */
    private static Node join(String... joins) throws IOException {
        if (joins.length == 1) {
            return Node.join(joins[0]);
        }
        NodeOptions options = NodeOptions.DEFAULT;
        for (String join : joins) {
            options = options.withJoin(join);
        }
        Node node = Node.start(options);
        node.awaitLink(NodeOptions.JOIN_TIMEOUT);
        return node;
    }

    private static String http(Node node, String address, String path) throws IOException {
        try (Stream stream = node.dial(address)) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + address + "\r\nConnection: close\r\n\r\n";
            stream.output().write(request.getBytes(StandardCharsets.US_ASCII));
            String response = new String(stream.input().readAllBytes(), StandardCharsets.UTF_8);
            return response.substring(response.indexOf("\r\n\r\n") + 4);
        }
    }

    private static void repeat(Node node, String address, String path) {
        String expected = "";
        int failed = 0;
        for (int dials = 1; ; dials++) {
            try {
                String body = http(node, address, path);
                expected = expected.isEmpty() ? body : expected;
                failed += body.equals(expected) ? 0 : 1;
            } catch (IOException e) {
                failed++;
                System.out.println("failed: " + e.getMessage());
            }
            if (dials % 10 == 0) {
                System.out.println(dials + " dials, " + failed + " failed");
            }
        }
    }

    private static int banners(Node node, String address, int count) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            List<Callable<Void>> reads = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                reads.add(() -> readBanner(node, address));
            }
            for (Future<Void> read : threads.invokeAll(reads)) {
                read.get();
            }
            return count;
        } finally {
            threads.shutdown();
        }
    }

    private static Void readBanner(Node node, String address) throws IOException {
        try (Stream stream = node.dial(address)) {
            byte[] expected = (TargetProgram.BANNER + "\r\n").getBytes(StandardCharsets.UTF_8);
            byte[] read = stream.input().readNBytes(expected.length);
            if (!Arrays.equals(read, expected)) {
                throw new IOException("first bytes '" + new String(read, StandardCharsets.UTF_8) + "' (expected: "
                        + TargetProgram.BANNER + ")");
            }
            return null;
        }
    }

    private static void watch(Node node, String address) throws IOException {
        try (Stream stream = node.dial(address)) {
            InputStream in = stream.input();
            System.out.println("watching, first byte " + in.read());
            in.transferTo(OutputStream.nullOutputStream());
            System.out.println("finished");
        } catch (IOException e) {
            System.out.println("ended: " + e.getMessage());
        }
    }

    private static void download(Node node, String address, String request) throws IOException {
        try (Stream stream = node.dial(address)) {
            stream.output().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] first = stream.input().readNBytes(1);
            System.out.println("began");
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(first);
            stream.input().transferTo(all);
            System.out.println(TargetProgram.sha256(all.toByteArray()));
        }
    }
}
