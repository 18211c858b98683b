package io.github.raspberryspy.upload;

import java.time.Instant;

/** Brings single pictures to the master, on connections of their own. Thread-safe. */
public final class PictureSender implements AutoCloseable {

  private final TusCalls calls;

  /** One that has no connection yet. */
  public PictureSender(UploaderConfig config) {
    this.calls = new TusCalls(config);
  }

  /**
   * Brings a picture.
   *
   * @param id of the command that asked for it
   * @param captured wall time at which it was filmed
   * @throws UploadException in one sentence, if the master does not have it
   */
  public void send(String id, Instant captured, byte[] jpeg) throws UploadException {
    Answer answer = calls.picture(id, captured, jpeg);
    if (!answer.isFine()) {
      throw new UploadException(
          UploadException.Kind.REJECTED, "the master did not take the picture: " + answer.reason());
    }
  }

  /** Breaks off what is under way. */
  @Override
  public void close() {
    calls.close();
  }
}
