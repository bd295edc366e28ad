package forge.ai.backend.tensorflow;

import com.google.protobuf.ByteString;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;

/**
 * Walks what would be executed of a graph, functions included, and refuses what reaches outside of the process: a graph
 * is a program, and TensorFlow has operations that read and write files, open sockets and run Python.
 */
final class GraphCheck {

    private static final Pattern OUTSIDE = Pattern.compile(String.join(
            "|",
            "(Read|Write)File|MatchingFiles|ImmutableConst|FileSystem.*|.*FileWriter.*|.*Summary.*",
            "(WholeFile|TextLine|TFRecord|FixedLengthRecord|LMDB)?Reader.*|.*Dataset.*|.*Iterator.*",
            "Save.*|DistributedSave|Merge.*Checkpoints?.*|ShardedFile.*|LoadAndRemapMatrix|GenerateVocabRemapping",
            // These take the name of a file that describes the messages.
            "(En|De)codeProto.*",
            "PyFunc.*|EagerPyFunc|Debug.*",
            "_?(Send|Recv|HostSend|HostRecv)|.*Rpc.*|.*Collective.*|Nccl.*|Remote.*|.*TPU.*"));

    private static final Set<String> TABLES_OF_FILES =
            Set.of("InitializeTableFromTextFile", "InitializeTableFromTextFileV2");
    private static final Set<String> PRINTS = Set.of("", "stderr", "stdout", "log(info)", "log(warning)", "log(error)");
    private static final Set<String> VARIABLES = Set.of("VarHandleOp", "VariableV2", "Variable");

    private final Map<String, NodeDef> nodes = new HashMap<>();
    private final Map<String, FunctionDef> functions = new HashMap<>();
    private final Set<String> assets;

    GraphCheck(MetaGraphDef model) {
        model.getGraphDef().getNodeList().forEach(node -> nodes.put(node.getName(), node));
        model.getGraphDef()
                .getLibrary()
                .getFunctionList()
                .forEach(function -> functions.put(function.getSignature().getName(), function));
        assets = model.getAssetFileDefList().stream()
                .map(asset -> node(asset.getTensorInfo().getName()))
                .collect(Collectors.toSet());
    }

    /**
     * Goes through what a call, or the start of a model, executes.
     *
     * @param results the names of tensors or nodes
     * @return whether there are variables in it, which need values
     * @throws UnsupportedException if it reaches outside
     */
    boolean execution(Collection<String> results) {
        Set<NodeDef> reached = reached(results).keySet();
        reached.forEach(node -> refuse(node, node.getOp().startsWith("Restore")));
        return reached.stream().anyMatch(node -> VARIABLES.contains(node.getOp()));
    }

    /**
     * Goes through what brings back the values of variables: it reads the files whose name it is given, and no others.
     *
     * @param target the node that does it
     * @param fileName the tensor that takes the name
     */
    void restoring(String target, String fileName) {
        reached(Set.of(target)).forEach((node, function) -> {
            boolean other = node.getOp().startsWith("Restore") && !readsOnly(node(fileName), node, function);
            boolean names = function.isEmpty()
                    && functionsOf(node).findAny().isPresent()
                    && node.getInputList().stream().anyMatch(this::isText);
            refuse(node, other || names);
        });
    }

    /** Whether the name of the file is what the loader gives, or a parameter of the function in which this stands. */
    private boolean readsOnly(String fileName, NodeDef restore, Optional<FunctionDef> function) {
        String source = restore.getInputCount() == 0 ? "" : node(restore.getInput(0));
        return function.map(f -> f.getSignature().getInputArgList().stream()
                        .anyMatch(parameter -> parameter.getName().equals(source)))
                .orElse(source.equals(fileName));
    }

    /** Whether a text that stands in the graph, or is made in it, goes in: it could be the name of another file. */
    private boolean isText(String input) {
        NodeDef source = nodes.get(node(input));
        return source != null
                && !source.getOp().equals("Placeholder")
                && source.getAttrMap().values().stream()
                        .anyMatch(value -> value.getType() == DataType.DT_STRING
                                || value.getList().getTypeList().contains(DataType.DT_STRING));
    }

    private void refuse(NodeDef node, boolean also) {
        boolean table = TABLES_OF_FILES.contains(node.getOp())
                && (node.getInputCount() < 2 || !assets.contains(node(node.getInput(1))));
        ByteString prints = node.getAttrOrDefault("output_stream", AttrValue.getDefaultInstance())
                .getS();
        if (also
                || table
                || !PRINTS.contains(prints.toStringUtf8())
                || OUTSIDE.matcher(node.getOp()).matches()) {
            throw new UnsupportedException(
                    "the SavedModel executes %s (%s), which reaches outside of the process or may; it is not loaded"
                            .formatted(node.getOp(), node.getName()));
        }
    }

    /** The nodes on which these depend, and those of all functions called on the way, each with its function. */
    private Map<NodeDef, Optional<FunctionDef>> reached(Collection<String> results) {
        Map<NodeDef, Optional<FunctionDef>> reached = new IdentityHashMap<>();
        Set<FunctionDef> called = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(results);
        while (!open.isEmpty()) {
            String name = node(open.pop());
            NodeDef node = nodes.get(name);
            if (node == null) {
                throw new InvalidRequestException("the SavedModel is damaged: it lacks the node " + name);
            } else if (reached.put(node, Optional.empty()) == null) {
                open.addAll(node.getInputList());
                functionsOf(node).forEach(function -> addAll(function, called, reached));
            }
        }
        return reached;
    }

    private void addAll(FunctionDef first, Set<FunctionDef> called, Map<NodeDef, Optional<FunctionDef>> reached) {
        Deque<FunctionDef> open = new ArrayDeque<>(Set.of(first));
        while (!open.isEmpty()) {
            FunctionDef function = open.pop();
            if (called.add(function)) {
                for (NodeDef node : function.getNodeDefList()) {
                    reached.put(node, Optional.of(function));
                    functionsOf(node).forEach(open::push);
                }
            }
        }
    }

    private Stream<FunctionDef> functionsOf(NodeDef node) {
        Stream<String> attributes = node.getAttrMap().values().stream()
                .flatMap(value -> Stream.concat(Stream.of(value.getFunc()), value.getList().getFuncList().stream()))
                .map(NameAttrList::getName);
        return Stream.concat(Stream.of(node.getOp()), attributes)
                .filter(functions::containsKey)
                .map(functions::get);
    }

    /** The node of a tensor such as {@code a/b:0}, or of a control input such as {@code ^a/b}. */
    private static String node(String tensor) {
        int from = tensor.startsWith("^") ? 1 : 0;
        int colon = tensor.indexOf(':');
        return colon < 0 ? tensor.substring(from) : tensor.substring(from, colon);
    }
}
