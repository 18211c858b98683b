package io.github.raspberryspy.sink.alert;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** The channels that are configured. */
final class Channels {

  private Channels() {}

  static List<Channel> of(AlertConfig config, AlertPicture pictures, Clock clock) {
    AlertConfig.Targets targets = config.targets();
    Outgoing way = Outgoing.of(config);
    List<Channel> channels = new ArrayList<>();
    targets.webhook().ifPresent(c -> channels.add(new WebhookChannel(c, clock, way)));
    targets.ntfy().ifPresent(c -> channels.add(new NtfyChannel(c, way)));
    targets
        .mail()
        .ifPresent(c -> channels.add(new MailChannel(c, config.rules().zone(), pictures, way)));
    targets.mqtt().ifPresent(c -> channels.add(new MqttChannel(c, clock, way)));
    return channels;
  }
}
