package dev.culvert.examples.wirenet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.api.Binding;
import dev.culvert.api.Node;
import dev.culvert.api.Stream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shell on a machine that cannot be dialled. Whoever may dial the name may do anything there, so it belongs in the scope of few. The shell
 * ends with its stream, whichever way that ends.
 */
public final class RemoteShell {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteShell.class);

    private RemoteShell() {}

    /** @param threads copy what callers type */
    static Binding serve(Node node, String name, Executor threads) throws IOException {
        return node.bind(name, stream -> run(stream, threads));
    }

    private static void run(Stream stream, Executor threads) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh").redirectErrorStream(true).start();
        stream.ended().exceptionally(gone -> {
            shell.destroy();
            return null;
        });
        threads.execute(() -> type(stream, shell));
        shell.getInputStream().transferTo(stream.output());
        stream.output().write(("exit " + shell.waitFor() + "\n").getBytes(UTF_8));
    }

    private static void type(Stream stream, Process shell) {
        try (OutputStream keys = shell.getOutputStream()) {
            byte[] line = new byte[8192];
            for (int n = stream.input().read(line); n > 0; n = stream.input().read(line)) {
                keys.write(line, 0, n);
                keys.flush();
            }
        } catch (IOException e) {
            LOG.debug("The caller or the shell has gone: {}", e.toString());
        }
    }

    /** Types a script and returns what the shell printed. */
    static String ask(Node node, String name, String script) throws IOException {
        try (Stream stream = node.dial(name)) {
            stream.output().write(script.getBytes(UTF_8));
            stream.finish();
            return new String(stream.input().readAllBytes(), UTF_8);
        }
    }
}
