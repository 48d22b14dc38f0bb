using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;

namespace DispatchCenter.Domain.Register;

/// <summary>The three families of entries.</summary>
public enum Family
{
    /// <summary>Somewhere that others stand in: 小区 estate, 楼栋 building, 单元 unit, 户 door, 阵地 venue.</summary>
    Place,

    /// <summary>An organisation: 支部 branch, 物业企业, 双报到单位, 商户, 律所.</summary>
    Body,

    /// <summary>A person in a role at a place: 信息员, 楼长, 志愿者. Whoever it is stands in the erasable fields alone.</summary>
    Holding,
}

/// <summary>A kind of entry, as the street's document describes it.</summary>
/// <param name="In">Where an entry of it may stand: <c>street</c>, <c>community</c>, <c>grid</c>, or kinds of the family of places.</param>
public sealed record EntryKind(string Code, string Name, string NameEn, Family Family, ImmutableArray<string> In, ImmutableArray<Field> Fields)
{
    /// <summary>The role that each entry of it holds where it stands; null if it holds only what it says itself.</summary>
    public string? Role { get; init; }

    /// <summary>The field with the number at which it is called; null if it cannot be called.</summary>
    public string? Calls { get; init; }

    /// <summary>The field with the last day (Asia/Shanghai) on which it counts, such as a licence's; null if it counts until it says otherwise.</summary>
    public string? Expires { get; init; }

    /// <summary>Whether everybody may read its entries, as far as their fields are public.</summary>
    public bool IsListed { get; init; }

    /// <summary>Whether an entry of it can have a photo of whoever it is about: seen by whoever sees the entry, so by everybody where it is listed.</summary>
    public bool HasPhoto { get; init; }

    /// <summary>Whether whoever is written down in an entry of it can be given a personal link to report by; only people in roles can.</summary>
    public bool Reports { get; init; }

    public Field? FindField(string key) => Fields.FirstOrDefault(f => f.Key == key);
}

/// <summary>Something that is held at a place, and asked for by procedures, packs and second whistles.</summary>
/// <param name="OncePer">The kind of place of which each has exactly one holder of its own, such as one branch for a grid (双网合一); null if there may be none or many.</param>
public sealed record RegisterRole(string Code, string Name, string NameEn, string? OncePer);

/// <summary>Why somebody may be looked up.</summary>
/// <param name="Fields">What it shows of those fields that nobody reads without a purpose.</param>
/// <param name="By">The kinds of post that may state it.</param>
public sealed record Purpose(string Code, string Name, string NameEn, ImmutableArray<string> Fields, ImmutableArray<PostKind> By)
{
    /// <summary>Whether it has to name the case or matter that it is for.</summary>
    public bool NeedsCase { get; init; }

    /// <summary>Whether it may be stated only by whoever owes the home a visit or a call now.</summary>
    public bool NeedsVisit { get; init; }

    /// <summary>Whether who states it may give the household a link to its own entry.</summary>
    public bool GivesLink { get; init; }
}

/// <summary>One version of what a register can hold. The street's own decision, as data.</summary>
public sealed record Kinds
{
    public const string Street = "street", Community = "community", Grid = "grid";

    public const int MaxKinds = 100, MaxFields = 40, MaxRoles = 200, MaxPurposes = 30;

    /// <summary>The kinds of place that come from the street's map.</summary>
    public static readonly ImmutableArray<string> OfTheMap = [Street, Community, Grid];

    public required int Version { get; init; }

    public required ImmutableArray<EntryKind> All { get; init; }

    public required ImmutableArray<RegisterRole> Roles { get; init; }

    public required ImmutableArray<Purpose> Purposes { get; init; }

    public static Kinds None { get; } = new() { Version = 0, All = [], Roles = [], Purposes = [] };

    public EntryKind? Find(string code) => All.FirstOrDefault(k => k.Code == code);

    public RegisterRole? FindRole(string code) => Roles.FirstOrDefault(r => r.Code == code);

    public Purpose? FindPurpose(string code) => Purposes.FirstOrDefault(p => p.Code == code);

    /// <summary>Every mistake, in the order of the document; empty if it can be used.</summary>
    public IEnumerable<DocumentMistake> Mistakes()
    {
        IEnumerable<DocumentMistake> found =
        [
            .. ProcedureMistakes.Counted(All.Length, MaxKinds, "$.kinds"), .. ProcedureMistakes.Repeated([.. All.Select(k => k.Code)], i => $"$.kinds[{i}].code"),
            .. All.SelectMany((kind, i) => OfKind(kind, $"$.kinds[{i}]")),
            .. ProcedureMistakes.Counted(Roles.Length, MaxRoles, "$.roles"), .. ProcedureMistakes.Repeated([.. Roles.Select(r => r.Code)], i => $"$.roles[{i}].code"),
            .. Roles.SelectMany((role, i) => OfRole(role, $"$.roles[{i}]")),
            .. ProcedureMistakes.Repeated([.. Purposes.Select(p => p.Code)], i => $"$.purposes[{i}].code"), .. Purposes.SelectMany((purpose, i) => OfPurpose(purpose, $"$.purposes[{i}]")),
        ];
        foreach (var mistake in found) yield return mistake;
        if (Purposes.Length > MaxPurposes) yield return new("procedure_count", "$.purposes", 0, MaxPurposes);
        foreach (var (code, i) in CircularKinds()) yield return new("register_kind_circle", $"$.kinds[{i}].in", code);
    }

    private IEnumerable<DocumentMistake> OfKind(EntryKind kind, string at)
    {
        foreach (var mistake in Worded(kind.Code, kind.Name, kind.NameEn, at)) yield return mistake;
        if (OfTheMap.Contains(kind.Code)) yield return new("procedure_reserved", $"{at}.code", kind.Code);
        foreach (var mistake in ProcedureMistakes.Counted(kind.In.Length, MaxKinds, $"{at}.in")) yield return mistake;
        for (var i = 0; i < kind.In.Length; i++)
            if (!OfTheMap.Contains(kind.In[i]) && Find(kind.In[i]) is not { Family: Family.Place }) yield return new("register_place_kind", $"{at}.in[{i}]", kind.In[i]);
        if (kind.Fields.Length > MaxFields) yield return new("procedure_count", $"{at}.fields", 0, MaxFields);
        foreach (var mistake in ProcedureMistakes.Repeated([.. kind.Fields.Select(f => f.Key)], i => $"{at}.fields[{i}].key")) yield return mistake;
        foreach (var mistake in kind.Fields.SelectMany((field, i) => OfField(field, $"{at}.fields[{i}]"))) yield return mistake;
        if (kind.Role is { } role && FindRole(role) is null) yield return new("register_role_unknown", $"{at}.role", role);
        if (kind.Calls is { } calls && kind.FindField(calls) is not { Kind: FieldKind.Phone }) yield return new("register_field_of", $"{at}.calls", calls, "phone");
        if (kind.Reports && kind.Family != Family.Holding) yield return new("register_reports", $"{at}.reports", kind.Code);
        if (kind.Expires is { } expires && kind.FindField(expires) is not { Kind: FieldKind.Date, Privacy: Privacy.Public or Privacy.Staff }) yield return new("register_field_of", $"{at}.expires", expires, "date");
    }

    /// <summary>Columns of a table have the keys of fields, beside those that every entry has.</summary>
    private static IEnumerable<DocumentMistake> OfField(Field field, string at)
    {
        foreach (var mistake in ProcedureMistakes.OfField(field, at)) yield return mistake;
        if (EntryColumns.All.Contains(field.Key)) yield return new("procedure_reserved", $"{at}.key", field.Key);
        if (field.Privacy == Privacy.Caller || field.Kind == FieldKind.Signature) yield return new("register_field_kind", at);
    }

    private static IEnumerable<DocumentMistake> OfRole(RegisterRole role, string at)
    {
        foreach (var mistake in Worded(role.Code, role.Name, role.NameEn, at)) yield return mistake;
        if (role.OncePer is { } per && !OfTheMap.Contains(per)) yield return new("procedure_one_of", $"{at}.oncePer", per, string.Join(", ", OfTheMap));
    }

    private IEnumerable<DocumentMistake> OfPurpose(Purpose purpose, string at)
    {
        foreach (var mistake in Worded(purpose.Code, purpose.Name, purpose.NameEn, at)) yield return mistake;
        if (purpose.By.IsEmpty) yield return new("procedure_count", $"{at}.by", 1, Enum.GetValues<PostKind>().Length);
        for (var i = 0; i < purpose.Fields.Length; i++)
            if (!All.Any(k => k.FindField(purpose.Fields[i]) is { Privacy: Privacy.Reason or Privacy.Sealed })) yield return new("register_purpose_field", $"{at}.fields[{i}]", purpose.Fields[i]);
    }

    private static IEnumerable<DocumentMistake> Worded(string code, string name, string nameEn, string at) => ProcedureMistakes.Coded(code, $"{at}.code").Concat(ProcedureMistakes.Named(name, nameEn, at));

    /// <summary>Kinds that can only stand in one another, so that none of them would ever reach the street.</summary>
    private IEnumerable<(string Code, int At)> CircularKinds()
    {
        var reach = OfTheMap.ToHashSet();
        while (All.Any(k => k.In.Any(reach.Contains) && reach.Add(k.Code)))
        {
        }

        return All.Select((kind, i) => (kind.Code, i)).Where(k => !reach.Contains(k.Code) && All[k.i].In.All(place => Find(place) is not null));
    }
}
