package io.github.raspberryspy.sink;

import io.github.raspberryspy.s3.S3Bucket;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.store.BucketFiles;
import io.github.raspberryspy.sink.store.FootageCheck;
import io.github.raspberryspy.sink.store.FootageCheck.Fault;
import io.github.raspberryspy.sink.store.FootageCheck.Sum;
import io.github.raspberryspy.sink.store.FootageFolder;
import io.github.raspberryspy.sink.store.StorePlace;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Verifies the footage of a master against its index, wherever the two are, and whether it runs or
 * not. Nothing is changed.
 */
public final class MasterCheck {

  private final MasterConfig config;
  private final Consumer<Fault> told;

  private MasterCheck(MasterConfig config, Consumer<Fault> told) {
    this.config = config;
    this.told = told;
  }

  /**
   * Reads all footage again.
   *
   * @param told each fault as it is found
   * @throws IllegalArgumentException in one sentence, if no such master has ever run, or what the
   *     config names is not its own, or does not let it in
   * @throws IOException in one sentence, if index or footage cannot be reached
   */
  public static Sum run(MasterConfig config, Consumer<Fault> told) throws IOException {
    MasterCheck check = new MasterCheck(config, told);
    return config.isReplicated() ? check.ofReplicas() : check.ofFolder();
  }

  private Sum ofReplicas() throws IOException {
    try (SegmentIndex index = SegmentIndex.readOnly(config.index().orElseThrow())) {
      S3Bucket bucket = config.store().orElseThrow();
      String place = index.notes().get(Service.STORE).orElse("no bucket yet");
      if (!place.equals(bucket.address())) {
        throw new IllegalArgumentException(
            "the replicas of this master keep their footage in "
                + place
                + ", by their database; the configuration says "
                + bucket.address());
      }
      try (BucketFiles files = BucketFiles.inspect(bucket, index.footageId().orElse("nobody"))) {
        return new FootageCheck(files, index, config.clock(), told).run(files::uploadFaults);
      }
    }
  }

  private Sum ofFolder() throws IOException {
    FootageFolder folder = FootageFolder.existing(config.footage(), config.notes());
    Optional<String> place = StorePlace.bucketOf(folder.root());
    if (!place.equals(config.store().map(S3Bucket::address))) {
      throw new IllegalArgumentException(
          "the footage of folder "
              + folder.root()
              + " is in "
              + place.orElse("the folder itself")
              + "; the configuration says "
              + config.store().map(S3Bucket::address).orElse("that it is in the folder itself"));
    }
    try (SegmentIndex index = index(folder)) {
      if (config.store().isEmpty()) {
        return new FootageCheck(folder.files(), index, config.clock(), told)
            .run(folder::uploadFaults);
      }
      String id = folder.identity().id();
      try (BucketFiles files = BucketFiles.inspect(config.store().get(), id)) {
        return new FootageCheck(files, index, config.clock(), told).run(folder::uploadFaults);
      }
    }
  }

  private SegmentIndex index(FootageFolder folder) throws IOException {
    if (config.index().isEmpty()) {
      return SegmentIndex.readOnly(folder.index());
    }
    SegmentIndex index = SegmentIndex.readOnly(config.index().get());
    String owner = index.footageId().orElse("nobody");
    if (!owner.equals(folder.identity().id())) {
      index.close();
      throw new IllegalArgumentException(
          "index "
              + config.index().get()
              + " belongs to another footage folder than "
              + folder.root()
              + ", with the id "
              + owner);
    }
    return index;
  }
}
