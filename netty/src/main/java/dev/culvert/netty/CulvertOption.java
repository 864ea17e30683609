package dev.culvert.netty;

import dev.culvert.api.BindOptions;
import dev.culvert.api.DialOptions;
import io.netty.channel.ChannelOption;

/** Options of our channels beside Netty's own. <em>Stateless.</em> */
public final class CulvertOption {
    /**
     * How a {@link CulvertChannel} dials; by default {@link DialOptions#DEFAULT} with CONNECT_TIMEOUT_MILLIS as the timeout. Early dials do
     * not exist here: a channel is active when the service has answered.
     */
    public static final ChannelOption<DialOptions> DIAL = ChannelOption.valueOf(CulvertOption.class, "DIAL");

    /** How a {@link CulvertServerChannel} offers; by default {@link BindOptions#DEFAULT}. SO_BACKLOG, if set later, changes its backlog. */
    public static final ChannelOption<BindOptions> BIND = ChannelOption.valueOf(CulvertOption.class, "BIND");

    private CulvertOption() {}
}
