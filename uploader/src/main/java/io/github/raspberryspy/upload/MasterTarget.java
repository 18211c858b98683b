package io.github.raspberryspy.upload;

/** A master, which takes segments by tus and vouches for them with receipts. */
final class MasterTarget implements UploadTarget {

  private final UploaderConfig config;
  private final TusCalls calls;

  MasterTarget(UploaderConfig config) {
    this.config = config;
    this.calls = new TusCalls(config);
  }

  @Override
  public TargetClient on(SharedLink.Lane lane) {
    return new UploadClient(config, calls, lane);
  }

  /** With short segments the link would be spent on waiting for the answers of one. */
  @Override
  public int parallel() {
    return 3;
  }

  @Override
  public void abort() {
    calls.abort();
  }

  @Override
  public void close() {
    calls.close();
  }
}
