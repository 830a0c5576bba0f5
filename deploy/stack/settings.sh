# settings.sh - what the services of the local stack are told; needs $root and the ports.  Sourced.
# shellcheck shell=bash disable=SC2154

service_port()
{
	case $1 in
	ingest) echo "$PORT_INGEST" ;;
	segmenter) echo "$PORT_SEGMENTER" ;;
	scheduler) echo "$PORT_SCHEDULER" ;;
	email-sender) echo "$PORT_EMAIL_SENDER" ;;
	review-solicitor) echo "$PORT_REVIEW_SOLICITOR" ;;
	desk) echo "$PORT_DESK" ;;
	console) echo "$PORT_CONSOLE" ;;
	esac
}

# A secret of this directory's own, made once.
secret_make()
{
	[ -s "$1" ] || (umask 077 && rm -f "$1" && head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"$1")
}

# The example policy with this stack's feedback page in it, so that the links in mails work; beside
# it the files of codes, where a policy's path to them begins.
policy_make()
{
	local example=$root/deploy/policy/shop.yaml

	ln -sfn "$root/deploy/policy/coupons" "$(dirname "$1")/coupons"
	if grep -q '^ *public_url:' "$example"; then
		cp "$example" "$1"
	else
		sed "s|^shop: *\$|&\n  public_url: http://localhost:$PORT_REVIEW_SOLICITOR|" "$example" >"$1"
	fi
}

# settings_write DIR CLOCK: DIR/settings.env, for the services and for whoever uses nurturectl.
settings_write()
{
	local dir=$1 policy=${NURTURE_POLICY:-} templates

	if [ -n "$policy" ]; then
		policy=$(realpath "$policy")
	else
		policy=$dir/policy.yaml
		policy_make "$policy"
	fi
	templates=$(realpath "${NURTURE_TEMPLATES:-$root/deploy/templates}")
	secret_make "$dir/ingest-token"
	secret_make "$dir/token-key"
	secret_make "$dir/coupon-key"
	secret_make "$dir/console-key"
	(umask 077 && mkdir -p "$dir/console")
	(umask 077 && : >"$dir/settings.env") && chmod 600 "$dir/settings.env"
	cat >"$dir/settings.env" <<-END
		# Made by deploy/stack/stack.sh.  For nurturectl:  set -a; . $dir/settings.env; set +a
		KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:$PORT_BROKER
		REDIS_URL=redis://127.0.0.1:$PORT_REDIS
		SMTP_URL=smtp://127.0.0.1:$PORT_SMTP
		NURTURE_POLICY='$policy'
		NURTURE_TEMPLATES='$templates'
		NURTURE_CLOCK=$2
		NURTURE_TOKEN_KEY_FILE='$dir/token-key'
		NURTURE_COUPON_KEY_FILE='$dir/coupon-key'
		NURTURE_CONSOLE_VIEW='$dir/console/view.db'
		NURTURE_CONSOLE_KEY_FILE='$dir/console-key'
		NURTURE_CONSOLE_STAFF='$root/deploy/console/staff'
		NURTURE_CONSOLE_URL=http://localhost:$PORT_CONSOLE
		NURTURE_INGEST_TOKENS=shop=$(cat "$dir/ingest-token")
	END
}
