package dev.culvert.cli;

import java.util.List;

/** Rows of text in columns; a column without anything below its heading is left out. <em>Stateless.</em> */
final class Table {
    private static final int LEFT_OUT = -1;

    private Table() {}

    /** @param rows of equal length, the headings first; without a line end */
    static String of(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (int i = 0; i < columns; i++) {
            int column = i;
            if (rows.stream().skip(1).allMatch(row -> row.get(column).isEmpty())) {
                widths[i] = LEFT_OUT;
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            text.append(text.isEmpty() ? "" : "\n").append(line(row, widths));
        }
        return text.toString();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder("  ");
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] == LEFT_OUT) {
                continue;
            }
            line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
        }
        return line.toString().stripTrailing();
    }
}
