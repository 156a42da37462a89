// Verifying a person under an address of its own: it lies over their page, and leads back there.
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Verify } from "./Verify.tsx";

const here = getRouteApi("/app/people/people/$id/verify");

export function VerifyPage() {
  const { id } = here.useParams();
  const navigate = useNavigate();
  return <Verify user={id} onClose={() => void navigate({ to: "/people/$id", params: { id } })} />;
}
