package dev.culvert.examples.wirenet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.api.Binding;
import dev.culvert.api.Node;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Work that is given up when nobody waits for it any more: the caller has reset the stream, or the link is lost. */
public final class LongWork {
    private LongWork() {}

    static Binding serve(Node node, String name, ExecutorService workers, Callable<String> work) throws IOException {
        return node.bind(name, stream -> {
            Future<String> result = workers.submit(work);
            stream.ended().exceptionally(gone -> {
                result.cancel(true);
                return null;
            });
            try {
                stream.output().write(result.get().getBytes(UTF_8));
            } catch (CancellationException e) {
                stream.close();
            }
        });
    }
}
