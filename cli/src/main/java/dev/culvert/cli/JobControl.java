package dev.culvert.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this process has its terminal to itself, or runs behind a shell's prompt ({@code culvert relay &}). <em>Stateless.</em> */
final class JobControl {
    private static final Path STAT = Path.of("/proc/self/stat");
    private static final int PROCESS_GROUP = 2;
    private static final int TERMINAL_GROUP = 5;

    private JobControl() {}

    /** True where it cannot be found out, as on systems without {@code /proc}. */
    static boolean inForeground() {
        try {
            return Files.isReadable(STAT) ? inForeground(Files.readString(STAT, StandardCharsets.UTF_8)) : true;
        } catch (IOException e) {
            return true;
        }
    }

    /** @param stat as in proc(5): the program's name in parentheses, then state, parent, process group, session, terminal, its group */
    static boolean inForeground(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ", -1);
        String terminalGroup = fields.length > TERMINAL_GROUP ? fields[TERMINAL_GROUP] : "-1";
        return terminalGroup.equals("-1") || terminalGroup.equals(fields[PROCESS_GROUP]);
    }
}
