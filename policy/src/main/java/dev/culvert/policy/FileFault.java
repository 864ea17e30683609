package dev.culvert.policy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Words for a file that cannot be used: the JDK's own messages are often the path alone. <em>Stateless.</em> */
public final class FileFault {
    private FileFault() {}

    /** One line: the file, what is wrong, what was expected. */
    public static String text(IOException cause) {
        if (!(cause instanceof FileSystemException fault) || fault.getReason() != null) {
            return String.valueOf(cause.getMessage());
        }
        return fault.getFile() + ": " + reason(fault);
    }

    /** The same exception, with the file if it names none: a full disk, for one. */
    static IOException at(java.nio.file.Path file, IOException cause) {
        return cause instanceof FileSystemException
                        || String.valueOf(cause.getMessage()).startsWith(file.toString())
                ? cause
                : new IOException(file + ": " + cause.getMessage(), cause);
    }

    private static String reason(FileSystemException fault) {
        if (fault instanceof AccessDeniedException) {
            return "permission denied (expected: a file of this user)";
        }
        if (fault instanceof NoSuchFileException) {
            return "no such file or directory (expected: to be there)";
        }
        if (fault instanceof FileAlreadyExistsException || fault instanceof NotDirectoryException) {
            return "is there and no directory (expected: a directory, or nothing)";
        }
        return fault instanceof DirectoryNotEmptyException
                ? "is a directory that is not empty (expected: a file)"
                : "cannot be used (" + fault.getClass().getSimpleName() + ")";
    }
}
