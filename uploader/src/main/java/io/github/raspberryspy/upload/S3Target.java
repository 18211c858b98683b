package io.github.raspberryspy.upload;

import io.github.raspberryspy.s3.S3Http;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.http.SdkHttpClient;

/** A bucket of an S3-compatible object store. */
final class S3Target implements UploadTarget {

  private final S3Config target;
  private final SdkHttpClient http;
  private final List<PacedHttp> lanes = new CopyOnWriteArrayList<>();

  S3Target(UploaderConfig config, S3Config target) {
    this.target = target;
    this.http = new S3Http(config.connectTimeout(), config.requestTimeout(), config.nanoTime());
  }

  @Override
  public TargetClient on(SharedLink.Lane lane) {
    PacedHttp paced = new PacedHttp(http, lane);
    lanes.add(paced);
    return new S3Lane(target, paced);
  }

  @Override
  public void abort() {
    lanes.forEach(PacedHttp::abort);
  }

  @Override
  public void close() {
    http.close();
  }
}
