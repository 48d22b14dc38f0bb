using System.Collections.Immutable;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Domain.Duty;

/// <summary>An area of the street in which a kind of post is asked.</summary>
public abstract record Area
{
    private Area() { }

    /// <summary>Whether a post belongs to this area.</summary>
    public abstract bool Holds(Post post);

    public sealed record OfStreet : Area
    {
        public override bool Holds(Post post) => true;

        public override string ToString() => "street";
    }

    public sealed record OfCommunity(CommunityCode Community) : Area
    {
        public override bool Holds(Post post) => post.Community == Community;

        public override string ToString() => $"community:{Community}";
    }

    public sealed record OfTeam(TeamCode Team) : Area
    {
        public override bool Holds(Post post) => post.Team == Team;

        public override string ToString() => $"team:{Team}";
    }

    public sealed record OfGrid(GridCode Grid) : Area
    {
        public override bool Holds(Post post) => post.Grid == Grid;

        public override string ToString() => $"grid:{Grid}";
    }

    internal static Area? Parse(string text) => text.Split(':') switch
    {
        ["street"] => new OfStreet(),
        ["community", { Length: > 0 } code] => new OfCommunity(new CommunityCode(code)),
        ["team", { Length: > 0 } code] => new OfTeam(new TeamCode(code)),
        ["grid", { Length: > 0 } code] => new OfGrid(new GridCode(code)),
        _ => null,
    };
}

/// <summary>
/// Who is asked for one answer of a matter: a kind of post in an area, one post, a party of the policy, or the person the matter is for. Never a person's
/// name. Written as <c>gridWorker@grid:07</c>, <c>post:g007</c>, <c>party:justice</c>, <c>caller</c>.
/// </summary>
public abstract record Respondent
{
    private Respondent() { }

    /// <summary>Whether the holder of a post may give the answer.</summary>
    public abstract bool Admits(Post post);

    /// <summary>Any post of a kind in an area: one answer is enough.</summary>
    public sealed record OfKind(PostKind Kind, Area Area) : Respondent
    {
        public override bool Admits(Post post) => post.Kind == Kind && Area.Holds(post);

        public override string ToString() => $"{Calls.Details.Camel(Kind)}@{Area}";
    }

    /// <summary>One post, chosen or because it did an earlier step; a person in several teams answers under any of their posts.</summary>
    public sealed record OfPost(PostId Post) : Respondent
    {
        public override bool Admits(Post post) => post.IsAmong([Post]);

        public override string ToString() => $"post:{Post}";
    }

    /// <summary>A party without an account; it answers through a link.</summary>
    public sealed record OfParty(string Code) : Respondent
    {
        public override bool Admits(Post post) => false;

        public override string ToString() => $"party:{Code}";
    }

    /// <summary>The person the matter is for; they answer through their link.</summary>
    public sealed record Caller : Respondent
    {
        public override bool Admits(Post post) => false;

        public override string ToString() => "caller";
    }

    /// <summary>Reads what <see cref="object.ToString"/> wrote; null for anything else.</summary>
    public static Respondent? Parse(string text)
    {
        if (text == "caller") return new Caller();
        if (text.StartsWith("post:", StringComparison.Ordinal)) return new OfPost(new PostId(text[5..]));
        if (text.StartsWith("party:", StringComparison.Ordinal)) return new OfParty(text[6..]);
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && Calls.Details.Named<PostKind>(text[..at]) is { } kind && Area.Parse(text[(at + 1)..]) is { } area ? new OfKind(kind, area) : null;
    }
}
