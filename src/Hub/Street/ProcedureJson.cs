using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Street;

/// <summary>Reads procedures, as strictly as policies: an unknown or repeated member is refused.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ProcedureDocument))]
internal sealed partial class ProcedureJson : JsonSerializerContext
{
    /// <summary>Reads a new version of a procedure.</summary>
    /// <exception cref="UnusableDocumentException">It cannot be used under this policy. The exception says the first mistake.</exception>
    public static Procedure Parse(string json, int version, Policy policy)
    {
        var (procedure, mistakes) = Read(json, version, policy);
        if (procedure is null) throw Refused(mistakes[0]);
        return ProcedureMistakes.Of(procedure, policy).FirstOrDefault() is { } mistake ? throw Refused(mistake) : procedure;
    }

    /// <summary>Everything that is wrong with a procedure, by member, in Chinese and English; empty if it can be used. What is wrong with its ways is said only once all of it can be read.</summary>
    public static ImmutableArray<(string Member, string Zh, string En)> Mistakes(string json, Policy policy)
    {
        try
        {
            var (procedure, mistakes) = Read(json, 1, policy);
            return [.. (procedure is null ? mistakes : ProcedureMistakes.Of(procedure, policy)).Select(m => (m.Member, Refused(m))).Select(m => (m.Member, m.Item2.Chinese, m.Item2.English))];
        }
        catch (UnusableDocumentException e)
        {
            return [("$", e.Chinese, e.English)];
        }
    }

    /// <summary>Reads a version that was usable when it was added. The policy may have changed since, for example by removing a party: it only says how long a day is.</summary>
    public static Procedure ParseStored(string json, int version, Policy policy)
    {
        var (procedure, mistakes) = Read(json, version, policy);
        return procedure ?? throw Refused(mistakes[0]);
    }

    /// <summary>The sentence of a mistake.</summary>
    public static UnusableDocumentException Refused(DocumentMistake mistake) => UnusableDocumentException.Of(mistake.Code, [mistake.Member, .. mistake.Values]);

    private static (Procedure? Procedure, ImmutableArray<DocumentMistake> Mistakes) Read(string json, int version, Policy policy)
    {
        ProcedureDocument document;
        try
        {
            document = JsonSerializer.Deserialize(json, Default.ProcedureDocument) ?? throw UnusableDocumentException.Of("procedure_null");
        }
        catch (JsonException e)
        {
            throw UnusableDocumentException.Of(e);
        }

        var nulls = Nulls(document).Select(member => new DocumentMistake("procedure_member_null", member)).ToImmutableArray();
        if (!nulls.IsEmpty) return (null, nulls);
        var reading = new ProcedureReading(policy.Hours);
        var procedure = reading.Read(document, version);
        return reading.Mistakes.IsEmpty ? (procedure, []) : (null, reading.Mistakes);
    }

    /// <summary>The serializer rejects a null member but not a null element.</summary>
    private static IEnumerable<string> Nulls(ProcedureDocument document)
    {
        return
        [
            .. In("$.starters", document.Starters), .. In("$.promise.on", document.Promise?.On), .. In("$.forms", document.Forms), .. In("$.stages", document.Stages),
            .. Each("$.forms", document.Forms, (at, form) => In($"{at}.fields", form.Fields).Concat(Each($"{at}.fields", form.Fields, (field, f) => In($"{field}.choices", f.Choices)))),
            .. Each("$.stages", document.Stages, (at, stage) =>
                In($"{at}.asks", stage.Asks)
                    .Concat(stage.Next.Where(path => path.Value is null).Select(path => $"{at}.next.{path.Key}"))
                    .Concat(Each($"{at}.asks", stage.Asks, (ask, a) => In($"{ask}.roles", a.Roles).Concat(In($"{ask}.barred", a.Barred))))),
        ];

        static IEnumerable<string> In<T>(string at, IReadOnlyList<T>? list) => (list ?? []).Select((element, i) => (element, Member: $"{at}[{i}]")).Where(e => e.element is null).Select(e => e.Member);
        static IEnumerable<string> Each<T>(string at, IReadOnlyList<T>? list, Func<string, T, IEnumerable<string>> within) =>
            (list ?? []).Select((element, i) => (element, Member: $"{at}[{i}]")).Where(e => e.element is not null).SelectMany(e => within(e.Member, e.element));
    }
}
