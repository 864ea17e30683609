package dev.culvert.examples.wirenet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.api.Address;
import dev.culvert.api.Binding;
import dev.culvert.api.DialOptions;
import dev.culvert.api.MessageWriter;
import dev.culvert.api.Messages;
import dev.culvert.api.Node;
import dev.culvert.api.Stream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** Files of one folder, for those who may dial: one as a whole stream, or several on one stream, a message each. */
public final class TransferFiles {
    private static final String FILE = "file";

    private TransferFiles() {}

    /** Each caller names a file in a header and gets it; bytes are read into the buffers that travel. */
    static Binding serve(Node node, String name, Path folder) throws IOException {
        return node.bind(name, stream -> {
            Path file = inside(folder, stream.headers().getOrDefault(FILE, ""));
            try (FileChannel source = FileChannel.open(file)) {
                stream.transferFrom(source);
            }
        });
    }

    /** A name must not lead out of the folder. */
    private static Path inside(Path folder, String file) throws IOException {
        Path wanted = folder.resolve(file).normalize();
        if (!wanted.startsWith(folder) || !Files.isRegularFile(wanted)) {
            throw new NoSuchFileException(file);
        }
        return wanted;
    }

    /** Returns how many bytes came; a transfer that breaks off is an exception, never a short file that looks whole. */
    static long fetch(Node node, String name, String file, Path target) throws IOException {
        DialOptions options = DialOptions.DEFAULT.withHeaders(Map.of(FILE, file));
        try (Stream stream = node.dial(Address.parse(name), options);
                FileChannel sink = FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            return stream.transferTo(sink);
        }
    }

    /** Takes whatever comes: the name of a file is one message, its bytes are the next. */
    static Binding receive(Node node, String name, Path folder) throws IOException {
        return node.bindMessages(name, messages -> {
            for (byte[] file = messages.receive(255); file != null; file = messages.receive(255)) {
                Path target = folder.resolve(Path.of(new String(file, UTF_8)).getFileName());
                try (InputStream bytes = messages.reader().next()) {
                    if (bytes == null) {
                        throw new EOFException(target + ": its name came and its bytes did not");
                    }
                    Files.copy(bytes, target);
                }
            }
        });
    }

    static void send(Node node, String name, List<Path> files) throws IOException {
        try (Messages messages = node.dialMessages(name)) {
            MessageWriter writer = messages.writer();
            for (Path file : files) {
                messages.send(file.getFileName().toString().getBytes(UTF_8));
                try (OutputStream bytes = writer.begin()) {
                    Files.copy(file, bytes);
                }
            }
            messages.finish();
            messages.stream().input().readAllBytes();
        }
    }
}
