using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DispatchCenter.Contracts;
using Microsoft.OpenApi;

namespace DispatchCenter.Web.Kernel.OpenApi;

/// <summary>
/// What an answer always has, what a request may leave out, and which members have one of a few values. An answer has every member, null or not, unless the
/// wire type says that null is left out: then the member is absent and never null. Of a request, nothing is required for it to be read.
/// </summary>
internal static class SchemaRules
{
    private static readonly FrozenDictionary<string, Type> Wire = typeof(ContractsJson).Assembly.GetExportedTypes().Where(type => !type.IsNested && !type.IsGenericType).ToFrozenDictionary(type => type.Name);

    public static void Apply(OpenApiDocument document)
    {
        var asked = Asked(document);
        var schemas = document.Components!.Schemas!;
        foreach (var (name, schema) in schemas)
            if (schema is OpenApiSchema { Properties: { } members } own && Wire.TryGetValue(name, out var type)) Complete(own, members, type, asked.Contains(name));
        foreach (var set in WireValues.All)
            document.AddComponent<IOpenApiSchema>(set.Name, new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. set.Values.Select(value => (JsonNode)JsonValue.Create(value))] });
        foreach (var (name, schema) in schemas)
            foreach (var member in schema.Properties?.Keys.ToList() ?? [])
                if (WireValues.Of(name, member) is { } set) schema.Properties![member] = Limit(schema.Properties[member], set, document);
    }

    private static void Complete(OpenApiSchema schema, IDictionary<string, IOpenApiSchema> members, Type type, bool isAsked)
    {
        var absent = type.GetProperties().Where(p => p.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition is JsonIgnoreCondition.WhenWritingNull).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).ToHashSet();
        schema.Required = isAsked ? null : members.Keys.Where(member => !absent.Contains(member)).ToHashSet();
        schema.Description = schema.Description?.Replace("&amp;", "&", StringComparison.Ordinal);
        foreach (var member in members.Keys.Where(absent.Contains).ToList()) members[member] = NeverNull(members[member]);
    }

    private static IOpenApiSchema NeverNull(IOpenApiSchema schema)
    {
        if (schema is OpenApiSchema { OneOf: [_, _] either }) return either.Single(one => one.Type is not JsonSchemaType.Null);
        if (schema is OpenApiSchema own) own.Type &= ~JsonSchemaType.Null;
        return schema;
    }

    /// <summary>The same member, or each element of it, with one of some values.</summary>
    private static IOpenApiSchema Limit(IOpenApiSchema schema, WireValues set, OpenApiDocument document)
    {
        if (schema is OpenApiSchema { Items: not null } list)
        {
            list.Items = new OpenApiSchemaReference(set.Name, document);
            return list;
        }

        var limited = new OpenApiSchemaReference(set.Name, document);
        if (schema.Type is not { } type || !type.HasFlag(JsonSchemaType.Null))
        {
            limited.Description = schema.Description;
            return limited;
        }

        return new OpenApiSchema { Description = schema.Description, OneOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, limited] };
    }

    /// <summary>The names of what a request may contain, at any depth.</summary>
    private static HashSet<string> Asked(OpenApiDocument document)
    {
        var (found, open) = (new HashSet<string>(), new Stack<IOpenApiSchema?>());
        foreach (var body in document.Paths.Values.SelectMany(path => path.Operations!.Values).SelectMany(operation => operation.RequestBody?.Content?.Values ?? [])) open.Push(body.Schema);
        while (open.TryPop(out var schema))
        {
            if (schema is null || (schema is OpenApiSchemaReference known && !found.Add(known.Reference.Id!))) continue;
            foreach (var inner in (schema.Properties?.Values ?? []).Concat(schema.OneOf ?? [])) open.Push(inner);
            open.Push(schema.Items);
            open.Push(schema.AdditionalProperties);
        }

        return found;
    }
}
