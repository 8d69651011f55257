package io.gmil.cohort;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.object.datatype.ArrayDataType;
import io.jhdf.object.datatype.CompoundDataType;
import io.jhdf.object.datatype.CompoundDataType.CompoundDataMember;
import io.jhdf.object.datatype.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the dense embeddings of an AnnData file: X, the arrays and data frames in obsm, or its compound members (0.5). */
final class Embeddings {

    private static final String OBSM = "obsm/";

    private final H5adFile file;
    private final Map<String, Node> nodes = new LinkedHashMap<>();

    private Embeddings(H5adFile file) {
        this.file = file;
        put("X", file.child(file.root(), "X"));
        Node obsm = file.child(file.root(), "obsm");
        if (obsm instanceof Group group) {
            group.getChildren().forEach((name, node) -> put(OBSM + name, H5adFile.resolved(node)));
        } else if (obsm instanceof Dataset dataset && dataset.getDataType() instanceof CompoundDataType compound) {
            compound.getMembers().forEach(member -> nodes.put(OBSM + member.getName(), obsm));
        }
    }

    private void put(String name, Node node) {
        if (node != null) {
            nodes.put(name, node);
        }
    }

    /**
     * The embedding of that name.
     *
     * @throws CohortException if there is none, it is sparse or not numeric; lists the dense ones there are
     */
    static Embedding find(H5adFile file, String name) {
        return file.guard("X and obsm", () -> new Embeddings(file).find(name));
    }

    private Embedding find(String name) {
        Node node = nodes.get(name);
        if (node == null) {
            throw new CohortException("no embedding " + name + " in " + file.name() + "; there are: " + dense());
        }
        return read(name, node).orElseThrow(() -> refusal(name, node));
    }

    private String dense() {
        return NameList.of(nodes.entrySet().stream()
                .filter(entry -> read(entry.getKey(), entry.getValue()).isPresent())
                .map(Map.Entry::getKey)
                .toList());
    }

    private CohortException refusal(String name, Node node) {
        String kind = node instanceof Group ? file.attribute(node, "encoding-type", "group") : "array";
        boolean sparse = node instanceof Group group && group.getChild("indptr") != null;
        String got = sparse ? "a sparse matrix" : "not a matrix of numbers with at least one column";
        return new CohortException("embedding " + name + " of " + file.name() + " is " + got + " (" + kind
                + "); expected a dense one; there are: " + dense());
    }

    private Optional<Embedding> read(String name, Node node) {
        if (node instanceof Group group) {
            return group.getChild("indptr") == null ? ofFrame(name, group) : Optional.empty();
        }
        Dataset dataset = (Dataset) node;
        int dimensions = dataset.getDimensionsAsLong().length;
        if (dataset.getDataType() instanceof CompoundDataType compound) {
            return dimensions == 1 ? ofMember(name, dataset, compound) : Optional.empty();
        }
        if (dimensions != 2 || dataset.getDimensionsAsLong()[1] == 0) {
            return Optional.empty();
        }
        int width = Math.toIntExact(dataset.getDimensionsAsLong()[1]);
        return part(dataset, dataset.getDataType(), 0, 0, width).map(part -> embedding(name, List.of(part), width));
    }

    private static Embedding embedding(String name, List<Embedding.Part> parts, int width) {
        return new Embedding(name, parts.get(0).bytes().rows(), width, parts);
    }

    private Optional<Embedding.Part> part(Dataset dataset, DataType type, int offset, int firstColumn, int columns) {
        return ElementType.of(type)
                .map(element -> new Embedding.Part(new RowBytes(file, dataset), element, offset, firstColumn, columns));
    }

    private Optional<Embedding> ofMember(String name, Dataset dataset, CompoundDataType compound) {
        String wanted = name.substring(name.indexOf('/') + 1);
        for (CompoundDataMember member : compound.getMembers()) {
            if (member.getName().equals(wanted)) {
                boolean array = member.getDataType() instanceof ArrayDataType;
                DataType type = array ? ((ArrayDataType) member.getDataType()).getBaseType() : member.getDataType();
                int[] shape = array ? ((ArrayDataType) member.getDataType()).getArrayTypeDimensions() : new int[] {1};
                return shape.length != 1
                        ? Optional.empty()
                        : part(dataset, type, member.getOffset(), 0, shape[0])
                                .map(part -> embedding(name, List.of(part), shape[0]));
            }
        }
        return Optional.empty();
    }

    /** A data frame whose columns are all plain numbers, in their order. */
    private Optional<Embedding> ofFrame(String name, Group frame) {
        if (frame.getAttribute("column-order") == null
                || !(frame.getAttribute("column-order").getData() instanceof String[] columns)) {
            return Optional.empty();
        }
        List<Embedding.Part> parts = new ArrayList<>();
        for (String column : columns) {
            if (!(file.child(frame, column) instanceof Dataset dataset)
                    || dataset.getDimensionsAsLong().length != 1
                    || dataset.getAttribute("categories") != null) {
                return Optional.empty();
            }
            part(dataset, dataset.getDataType(), 0, parts.size(), 1).ifPresent(parts::add);
        }
        return parts.isEmpty() || parts.size() != columns.length
                ? Optional.empty()
                : Optional.of(embedding(name, parts, parts.size()));
    }
}
