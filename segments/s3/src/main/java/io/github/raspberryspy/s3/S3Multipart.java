package io.github.raspberryspy.s3;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * The upload of a large object in parts. The store says which of them it has, so that after any
 * break only the others are sent; the object appears when all are there.
 */
final class S3Multipart {

  private final S3Objects objects;
  private final S3Client s3;
  private final String key;
  private final String type;
  private final S3Parts parts;
  private final LongConsumer accepted;

  S3Multipart(S3Objects objects, String key, String type, S3Parts parts, LongConsumer accepted) {
    this.objects = objects;
    this.s3 = objects.client();
    this.key = key;
    this.type = type;
    this.parts = parts;
    this.accepted = accepted;
  }

  /** Sends what is missing, and has the store put it together where nothing has the key. */
  void run() throws IOException {
    run(true);
  }

  /** Likewise, in place of what has the key. */
  void replace() throws IOException {
    run(false);
  }

  private void run(boolean isNew) throws IOException {
    Optional<String> begun = begun();
    String upload = begun.isPresent() ? begun.get() : create();
    Map<Integer, Part> there = begun.isPresent() ? there(upload) : Map.of();
    List<CompletedPart> all = new ArrayList<>();
    for (int number = 1; number <= parts.count(); number++) {
      String hash = parts.sha256(number);
      Part part = there.get(number);
      String tag =
          part != null && isOurs(part, number, hash) ? part.eTag() : send(upload, number, hash);
      all.add(CompletedPart.builder().partNumber(number).eTag(tag).checksumSHA256(hash).build());
    }
    s3.completeMultipartUpload(
        r ->
            r.bucket(objects.bucket())
                .key(key)
                .uploadId(upload)
                .ifNoneMatch(isNew ? "*" : null)
                .multipartUpload(m -> m.parts(all)));
  }

  private String create() {
    return s3.createMultipartUpload(
            r ->
                r.bucket(objects.bucket())
                    .key(key)
                    .contentType(type)
                    .checksumAlgorithm(ChecksumAlgorithm.SHA256))
        .uploadId();
  }

  private String send(String upload, int number, String hash) {
    UploadPartResponse answer =
        s3.uploadPart(
            r ->
                r.bucket(objects.bucket())
                    .key(key)
                    .uploadId(upload)
                    .partNumber(number)
                    .checksumSHA256(hash),
            RequestBody.fromContentProvider(() -> parts.stream(number), parts.bytes(number), type));
    accepted.accept(parts.bytes(number));
    return answer.eTag();
  }

  /** The upload that was begun last; empty where there is none, or the store does not tell. */
  private Optional<String> begun() {
    try {
      return s3.listMultipartUploads(r -> r.bucket(objects.bucket()).prefix(key)).uploads().stream()
          .filter(upload -> upload.key().equals(key))
          .max(Comparator.comparing(MultipartUpload::initiated))
          .map(MultipartUpload::uploadId);
    } catch (S3Exception e) {
      if (e.statusCode() == 403 || e.statusCode() == 501) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Map<Integer, Part> there(String upload) {
    Map<Integer, Part> there = new HashMap<>();
    s3.listPartsPaginator(r -> r.bucket(objects.bucket()).key(key).uploadId(upload))
        .parts()
        .forEach(part -> there.put(part.partNumber(), part));
    return there;
  }

  /** Whether the part has the bytes here, by the hash or by the tag, which is an MD5 mostly. */
  private boolean isOurs(Part part, int number, String hash) throws IOException {
    if (part.size() != parts.bytes(number)) {
      return false;
    }
    if (part.checksumSHA256() != null) {
      return part.checksumSHA256().equals(hash);
    }
    String md5 = HexFormat.of().formatHex(parts.digest(number, md5()));
    return part.eTag().replace("\"", "").equals(md5);
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no MD5", e);
    }
  }
}
