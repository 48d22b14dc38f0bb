using System.Collections.Frozen;
using System.Text;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Tables;

namespace DispatchCenter.Hub.Features.People;

/// <summary>The kinds of account, and where each one's post belongs: a community, a team or a grid of the street's map.</summary>
internal static class Hiring
{
    /// <summary>The codes of account kinds, those with a post first.</summary>
    public static readonly string[] Kinds = [.. Enum.GetValues<PostKind>().Select(Names.Camel), "admin", "auditor", "wall"];

    /// <summary>Codes by their Chinese names.</summary>
    private static readonly FrozenDictionary<string, string> Chinese = Kinds.ToFrozenDictionary(kind => Sentences.Find("post_" + kind).Zh);

    /// <summary>Parses a request; returns the mistake, or null and the post (none for accounts that act on no case).</summary>
    /// <param name="place">
    /// The code or unique name of a community (社区值班), a team (物业, 楼长, 民警) or a grid (网格员); nothing for the others. A prefix states the kind
    /// of place if the account's kind does not: community:04, team:04.
    /// </param>
    public static Words? Read(string userName, string? kind, string? place, StreetMap map, out Post? post, out Role role)
    {
        (post, role) = (null, Role.Member);
        if (userName.Length == 0) return StreetWords.Say("account_name_missing");
        if (userName.Length is < 2 or > AccountCommands.LongestName || !userName.EnumerateRunes().All(r => Rune.IsLetterOrDigit(r) || r.Value is '.' or '_' or '-' or Account.MiddleDot)) return StreetWords.Say("account_name_invalid", userName);
        var code = kind?.Trim() ?? string.Empty;
        code = Chinese.GetValueOrDefault(code, code);
        var known = Kinds.FirstOrDefault(one => one.Equals(code, StringComparison.OrdinalIgnoreCase));
        var where = place?.Trim() ?? string.Empty;
        switch (known)
        {
            case null: return code.Length == 0 ? StreetWords.Say("account_kind_missing") : StreetWords.Say("account_kind_unknown", code);
            case "admin": role = Role.Admin; break;
            case "auditor": role = Role.Auditor; break;
            case "wall": role = Role.Wall; break;
            default: return ReadPost(Names.Parse<PostKind>(known)!.Value, where, map, out post, out role);
        }

        return where.Length > 0 ? StreetWords.Say("account_place_needless") : null;
    }

    private static Words? ReadPost(PostKind kind, string where, StreetMap map, out Post? post, out Role role)
    {
        var id = new PostId($"p{Guid.CreateVersion7():N}"); // opaque: reveals neither person nor place
        post = null;
        role = kind switch { PostKind.StreetDesk => Role.Duty, PostKind.Leader => Role.Leader, PostKind.CommunityDesk => Role.Community, _ => Role.Member };
        switch (kind)
        {
            case PostKind.StreetDesk or PostKind.Leader:
                if (where.Length > 0) return StreetWords.Say("account_place_needless");
                post = new Post(id, kind);
                return null;
            case PostKind.CommunityDesk:
                if (One("community", map.Communities, c => (c.Code.Value, c.Name, c.NameEn), where) is not { } community) return Unknown("account_community", where);
                post = new Post(id, kind, community.Code);
                return null;
            case PostKind.GridWorker:
                if (One("grid", map.Grids, g => (g.Code.Value, g.Name, g.NameEn), where) is not { } grid) return Unknown("account_grid", where);
                if (map.TeamsOf(grid.Code) is not [var of, ..]) return StreetWords.Say("account_grid_teamless", where);
                post = new Post(id, kind, of.Community, of.Code, grid.Code);
                return null;
            default:
                if (One("team", map.Teams, t => (t.Code.Value, t.Name, t.NameEn), where) is not { } team) return Unknown("account_team", where);
                post = new Post(id, kind, team.Community, team.Code);
                return null;
        }
    }

    /// <summary>A missing place, or one of the wrong kind, must be chosen again; an unknown name is quoted.</summary>
    private static Words Unknown(string what, string where) => where.Length == 0 || where.Contains(':') ? StreetWords.Say(what + "_missing") : StreetWords.Say(what + "_unknown", where);

    /// <summary>By code, by a unique name, or by a code whose zeros a spreadsheet dropped.</summary>
    private static T? One<T>(string what, IReadOnlyCollection<T> all, Func<T, (string Code, string Name, string NameEn)> of, string asked) where T : class
    {
        if (asked.Length == 0) return null;
        var code = asked.StartsWith(what + ':', StringComparison.Ordinal) ? asked[(what.Length + 1)..] : asked;
        if (all.FirstOrDefault(one => of(one).Code == code) is { } exact) return exact;
        if (all.Where(one => of(one).Name == asked || of(one).NameEn == asked).Take(2).ToList() is [var only]) return only;
        return Cells.WithZeros(Texts.Plain(code), all.Select(one => of(one).Code)) is { } whole ? all.First(one => of(one).Code == whole) : null;
    }
}
