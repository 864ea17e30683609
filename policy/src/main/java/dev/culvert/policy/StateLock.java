package dev.culvert.policy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Exclusive use of one file of the state directory, against other threads and other processes. Belongs to the thread that took it.
 * The kernel gives it back when a process dies.
 */
final class StateLock implements AutoCloseable {
    /** The kernel's locks are per process, so threads of one process need a lock of their own for each file. */
    private static final ConcurrentMap<Path, ReentrantLock> IN_PROCESS = new ConcurrentHashMap<>();

    private final ReentrantLock thread;
    private final FileChannel channel;
    private final FileLock lock;

    private StateLock(ReentrantLock thread, FileChannel channel, FileLock lock) {
        this.thread = thread;
        this.channel = channel;
        this.lock = lock;
    }

    /** Waits for exclusive use of {@code file}; the lock itself is {@code <file>.lock}, which stays. */
    static StateLock of(Path file) throws IOException {
        Path absolute = file.toAbsolutePath().normalize();
        SecretFile.createDirectories(absolute.getParent());
        Path lockFile = absolute.resolveSibling(absolute.getFileName() + ".lock");
        ReentrantLock thread = IN_PROCESS.computeIfAbsent(lockFile, key -> new ReentrantLock());
        thread.lock();
        try {
            return lockFile(thread, lockFile);
        } catch (IOException | RuntimeException e) {
            thread.unlock();
            throw e;
        }
    }

    private static StateLock lockFile(ReentrantLock thread, Path lockFile) throws IOException {
        SecretFile.createIfAbsent(lockFile);
        FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
        try {
            return new StateLock(thread, channel, channel.lock());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            lock.release();
        } finally {
            thread.unlock();
        }
    }
}
