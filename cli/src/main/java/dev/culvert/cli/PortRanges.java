package dev.culvert.cli;

import dev.culvert.policy.PortRange;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads port ranges from options. <em>Stateless.</em> */
final class PortRanges implements ITypeConverter<PortRange> {
    @Override
    public PortRange convert(String text) {
        try {
            return PortRange.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
