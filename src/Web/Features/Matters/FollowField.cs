using DispatchCenter.Contracts;

namespace DispatchCenter.Web.Features.Matters;

/// <summary>A field of a form on a page, and what is in it.</summary>
public sealed record FollowField(FieldView Field, string Typed)
{
    /// <summary>The name of its input.</summary>
    public string Name => FollowModel.FieldPrefix + Field.Key;

    /// <summary>The id of its input.</summary>
    public string Id => "field-" + Field.Key;
}
