package io.github.raspberryspy.sink.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.raspberryspy.sink.TestPostgres;
import io.github.raspberryspy.sink.index.Statements.Statement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;

/**
 * The same on a server. It reads a small table whole, and sorts it, whatever indexes there are; so
 * it is told to do that only where there is nothing else that it could do.
 */
class PostgresQueryPlansTest extends QueryPlansTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private TestPostgres postgres;

  @BeforeEach
  void create() throws IOException {
    postgres = TestPostgres.create();
  }

  @Override
  SegmentIndex open() throws IOException {
    return SegmentIndex.open(postgres.config(), "a footage folder");
  }

  @Override
  DataSource database() {
    return postgres.config().source();
  }

  @Override
  List<String> faults(Handle h, Statement statement) {
    for (String way : List.of("seqscan", "bitmapscan", "sort", "incremental_sort", "hashagg")) {
      h.execute("SET enable_" + way + " = off");
    }
    List<String> faults = new ArrayList<>();
    String plan = statement.explain(h, "EXPLAIN (FORMAT JSON) ", rs -> rs.getString(1)).get(0);
    look(json(plan).get(0).get("Plan"), false, faults);
    return faults;
  }

  private static void look(JsonNode node, boolean isLimited, List<String> faults) {
    String type = node.get("Node Type").asText();
    boolean isScan = type.endsWith("Scan") && node.has("Relation Name");
    boolean isBounded = node.has("Index Cond") || (type.startsWith("Index") && isLimited);
    if (isScan && !isBounded && GROWING.contains(node.get("Relation Name").asText())) {
      faults.add(type + " on " + node.get("Relation Name").asText());
    }
    if (type.endsWith("Sort") && readsGrowing(node)) {
      faults.add(type + " by " + node.get("Sort Key"));
    }
    boolean isStillLimited = type.equals("Limit") || (isLimited && !type.equals("Aggregate"));
    for (JsonNode child : node.path("Plans")) {
      look(child, isStillLimited && child.path("Subplan Name").isMissingNode(), faults);
    }
  }

  /** Other than one for each row of a small table. */
  private static boolean readsGrowing(JsonNode node) {
    boolean isGrowing = GROWING.contains(node.path("Relation Name").asText());
    if (isGrowing && !node.path("Index Cond").asText().startsWith("(id = ")) {
      return true;
    }
    for (JsonNode child : node.path("Plans")) {
      if (readsGrowing(child)) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(text, e);
    }
  }
}
