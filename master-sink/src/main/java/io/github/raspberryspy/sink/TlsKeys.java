package io.github.raspberryspy.sink;

import io.github.raspberryspy.sink.index.Notes;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.store.FootageFolder;
import io.github.raspberryspy.sink.tls.MasterTls;
import io.github.raspberryspy.sink.tls.TlsConfig;
import java.io.IOException;
import java.util.Optional;

/** Finds the key of a master where it lies: in its folder, or in the database of replicas. */
final class TlsKeys {

  private TlsKeys() {}

  /** Of one that serves; empty where it speaks plain HTTP. */
  static Optional<MasterTls> ofServing(MasterConfig config, Notes notes, FootageFolder folder)
      throws IOException {
    if (config.tls().isEmpty()) {
      return Optional.empty();
    }
    TlsConfig tls = config.tls().get();
    return Optional.of(
        config.isReplicated()
            ? MasterTls.shared(tls, notes::putIfAbsent)
            : MasterTls.open(tls, folder.internals()));
  }

  /** Of one that stands by, or does not run, where another may serve. */
  static Optional<MasterTls> ofStandby(MasterConfig config) throws IOException {
    if (config.tls().isEmpty()) {
      return Optional.empty();
    }
    TlsConfig tls = config.tls().get();
    return Optional.of(
        config.isReplicated()
            ? MasterTls.shared(
                tls,
                (name, value) -> SegmentIndex.noteShared(config.index().orElseThrow(), name, value))
            : MasterTls.open(
                tls, FootageFolder.open(config.footage(), config.notes()).internals()));
  }
}
